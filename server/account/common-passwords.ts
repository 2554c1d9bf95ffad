/**
 * Passwords of eight characters and more that everybody tries first, in lower case and without marks at the end:
 * keyboard rows, counting, and the words that people choose in Polish and English.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  12345678 123456789 1234567890 12345678910 0123456789 0987654321 987654321 9876543210 87654321
  123123123 123321123 1234512345 1234554321 1122334455 11223344 123654789 147258369 159357456
  741852963 789456123 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5
  q1w2e3r4t5y6 zaq12wsx zaq1zaq1 zaq1xsw2 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234
  qwerty12345 qwerty123456 123qweasd 123qweasdzxc qweasdzxc qwe123qwe asdfghjk asdfghjkl
  asdfghjkl1 zxcvbnm1 zxcvbnm123 zxcvbnm12 qazwsxedc qazwsx123 azertyuiop abcdefgh abcdefghi
  abcdefghij abcd1234 abcd12345 abc12345 abc123456 abcdef123 a1b2c3d4 a1b2c3d4e5 aa123456
  a123456789 password passwords password1 password12 password123 password1234 password12345
  passw0rd passw0rd1 p@ssw0rd p@ssword p@ssw0rd1 p@ssw0rd123 mypassword newpassword changeme
  changeme1 changeme123 letmein1 letmein123 welcome1 welcome12 welcome123 welcome1234
  administrator admin123 admin1234 admin12345 adminadmin administrator1 root1234 rootroot
  superuser test1234 test12345 testtest testtest1 testowe123 default1 guest1234 trustno1 iloveyou
  iloveyou1 iloveyou12 iloveyou123 sunshine sunshine1 princess princess1 football football1
  baseball baseball1 superman superman1 starwars starwars1 whatever whatever1 computer computer1
  internet internet1 michelle jennifer charlotte dragon123 monkey123 master123 shadow123 michael1
  liverpool liverpool1 manchester barcelona barcelona1 realmadrid juventus chelsea123 arsenal123
  chocolate chocolate1 butterfly butterfly1 pokemon123 minecraft minecraft1 samsung123 google123
  facebook facebook1 helloworld hello12345 hello123456 loveyou123 secret123 secret1234 access1234
  summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2026 autumn2026
  telephone telefon1 telefon123 conference conference1 konferencja konferencja1 haslo123
  haslo1234 haslo12345 haslo123456 haslohaslo haslo1haslo mojehaslo mojehaslo1 mojehaslo123
  tajnehaslo tajne123 nowehaslo nowehaslo1 zaq12345 polska123 polska1234 polska12345 polskapolska
  polska2024 polska2025 polska2026 warszawa warszawa1 warszawa123 krakow123 gdansk123 poznan123
  wroclaw1 wroclaw123 katowice katowice1 szczecin szczecin1 bydgoszcz bydgoszcz1 kochamcie
  kochamcie1 kochamcie123 kocham123 kochanie kochanie1 kochanie12 kochanie123 misiaczek
  misiaczek1 misiek123 slonko123 kwiatek123 kwiatuszek myszka123 kotek123 piesek123 mateusz1
  mateusz123 bartek123 agnieszka agnieszka1 katarzyna katarzyna1 malgorzata krzysztof krzysztof1
  aleksandra aleksandra1 aleksander dominika dominika1 natalia1 natalia123 karolina karolina1
  karolina123 magdalena magdalena1 weronika weronika1 monika123 michal123 damian123 kamil123
  lukasz123 marcin123 tomasz123 piotrek1 piotrek123 dupadupa dupa1234 dupa12345 dupadupa1
  matrix123 legia1916 wislakrakow lechpoznan lewandowski samochod samochod1 truskawka truskawka1
  czekolada czekolada1 komputer komputer1 komputer123 internet123 niewiem1 niewiem123 niepamietam
  zapomnialem lato2025 lato2026 zima2025 zima2026 wiosna2026 jesien2026 lipiec2026 styczen2026
  aaaaaaaa 00000000 11111111 88888888 99999999 correcthorse correcthorsebatterystaple opensesame
  letmeinnow asdf1234 asdfasdf asdfasdf1 qwerqwer zxczxczxc
  `
    .trim()
    .split(/\s+/u),
);
