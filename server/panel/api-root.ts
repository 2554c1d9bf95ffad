/** Where the REST interface begins. */
export const API_ROOT = '/api/v1';
