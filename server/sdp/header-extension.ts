/** How loud a packet is, RFC 6464. */
export const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
/** Which section of a bundle a packet belongs to, RFC 9143 §15. */
export const SDES_MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
