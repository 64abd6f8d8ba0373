/**
 * Words that say what a value near them is, in en de fr es it pt nl pl and the languages of the ids. Lower case, split
 * as keys are split (`passportNumber` is two words); `a+b` are two words in a row.
 */
export const CONTEXT_WORDS = {
  card: 'card cards ccnum ccnumber cc+number cc+num creditcard credit debit visa mastercard amex maestro discover kreditkarte kreditkarten kartennummer carte tarjeta carta cartao cartão creditcard kaart karta karty karte pan kort pago bancaria',
  cvv: 'cvv cvc cvv2 cvc2 csc cvn security+code prüfziffer+karte kartenprüfnummer cryptogramme verification+value sicherheitscode card+verification',
  expiry:
    'expiry expires expiration exp expired ablaufdatum gültig+bis expire vencimiento caducidad validade scadenza thru valid+until valid+through good+thru',
  iban: 'iban konto kontonummer account accounts transfer überweisung überweisen compte cuenta conto conta rekening rekeningnummer rachunek wire',
  bank: 'bank+account account+number account+no account+nr acct account bankkonto kontonummer checking savings accountnumber cuenta compte+bancaire konto+nr rekeningnummer beneficiary+account a/c bank+acct numer+konta',
  routing: 'routing aba rtn transit fedwire ach bankleitzahl+us routingnumber wire',
  swift: 'swift bic swiftcode swift+bic bank+identifier',
  sortcode: 'sort sortcode sort+code',
  ssn: 'ssn ssns social socials social+security socialsecurity ss+number ss+no soc+sec tax+id taxpayer',
  itin: 'itin itins taxpayer individual+taxpayer tax+id tin w7',
  ein: 'ein fein employer+identification employer+id federal+tax tax+id',
  taxid:
    'tax+id tax+number tax+no taxid tin vat fiscal taxpayer steuernummer tax+identification partita nif numéro+fiscal',
  nationalid:
    'national+id identity+number identity+card identity+no id+number id+card id+no personal+number personal+id identification+number identification+no national+insurance national+identity citizen+id nationalid dni cedula cédula ausweis ausweisnummer personalausweis identité identidad identidade identità dowód identiteitsbewijs cni kimlik 身份证 személyi',
  nino: 'nino ni+number national+insurance insurance+number insurance+no ni+no ni',
  nhs: 'nhs health+service nhsnumber',
  passport:
    'passport passports passeport reisepass reisepassnummer passnummer pasaporte passaporto passaporte paspoort paspoortnummer paszport paszportu pass+nr travel+document passportnumber pass pasa pas',
  kyc: 'kyc',
  militarypost: 'apo fpo dpo',
  license:
    'license licence licenses dl driver drivers driving licencia führerschein führerscheinnummer fuehrerschein permis patente rijbewijs prawo+jazdy driverslicense conduire conducir guida condução permit cnh',
  phone:
    'phone phones telephone tel tele mobile mobil mob cell cellphone call calls called calling dial fax text sms messages whatsapp contact ring telefon telefonnummer handy handynummer rufnummer anrufen telefono telefón teléfono teléfonos télephone téléphone téléphoner portable móvil movil celular llamar llame cellulare telefone telemóvel telemovel telefoonnummer telefoon bel mobiel telefonu komórka zadzwoń telefonnummeret mobilnummer puhelin puhelinnumero hotline helpline reach phonenumber msisdn fon nummer contacto rufen appelez appeler joindre ligne ruf tlf tfno gsm voicemail téls chiamare telefonnummern telefonisch 电话 kontakt wa',
  email: 'email e+mail mail',
  age: 'age aged turned turning turns alter âge edad età idade leeftijd wiek',
  dob: 'dob kyc o+b birth born birthday birthdate birthdays date+birth geboren geburtsdatum geburtstag geb né née naissance nacimiento nacido nacida nascita nato nata nascimento nascido nascida geboortedatum urodzenia urodzony urodzona dateofbirth bday født fødselsdato född födelsedatum syntynyt syntymäaika narození doğum születési fødselsdag rođen rojen naskimiento',
  postal:
    'zip zipcode postal postcode postleitzahl plz zip+code cap cep codigo+postal código+postal code+postal postnummer kod+pocztowy',
  address:
    'address addresses adresse anschrift dirección direccion indirizzo endereço adres street lives living wohnhaft ship shipping deliver delivery located adresa mail+to',
  coordinates:
    'coordinates coordinate coords gps latitude longitude lat lon lng geo location koordinaten coordonnées coordenadas position latlng',
  plate:
    'plate plates license+plate licence+plate registration kennzeichen nummernschild immatriculation matrícula matricula targa kenteken rejestracyjny numberplate reg vrm regnr registreringsnummer plaque plaka placa',
  vin: 'vin chassis vehicle+identification fahrgestellnummer châssis fin bastidor telaio',
  imei: 'imei imeis device+id imeisv handset',
  imsi: 'imsi subscriber+identity',
  iccid: 'iccid sim',
  mac: 'mac ethernet hwaddr physical+address',
  ip: 'ip ips ipv4 ipv6 ipaddress host client remote server addr address ping from subnet',
  npi: 'npi provider+identifier national+provider',
  mbi: 'mbi medicare beneficiary',
  dea: 'dea medical+license medical+licence prescriber practitioner',
  mrn: 'mrn medical+record patient+id patient+number patient+no chart record+number medical+number patientennummer mrns krankenakte',
  insurance:
    'insurance policy member subscriber health+plan krankenversicherung versichertennummer krankenversichertennummer versicherungsnummer mutuelle kvnr versichertennr krankenkasse member+id insurer',
  crypto:
    'bitcoin btc ethereum eth wallet litecoin ltc crypto monero xmr ripple xrp solana sol dogecoin doge tron trx usdt address cardano ada contract erc20 dash',
  password:
    'password passwords passwd pwd pass passphrase passwort kennwort contraseña contrasena senha hasło wachtwoord mot+passe passe parola motdepasse pw psw userpass salasana lösenord adgangskode heslo jelszó 密码 passcode pin+code dbpass',
  secret:
    'secret secrets token tokens apikey api+key access+key auth+token auth credential credentials access+token client+secret private+token secret+key encryption+key signing+key cookie sessionid jsessionid phpsessid authtoken apitoken accesskey secretkey sharedkey accountkey webhook passkey hmac',
  bearer: 'bearer',
  weakkey: 'key keys schlüssel clé clave chiave session auth pat',
  aws: 'aws amazon akia awskey s3',
  curl: 'curl wget http httpie',
  user: 'user login handle',
  username:
    'username usernames userid benutzername nutzername utilisateur usuario utente usuário gebruikersnaam użytkownika screenname user+name nick nickname account+name user+id login+name logins brugernavn användarnamn',
  person:
    'author fullname full+name first+name last+name firstname lastname surname givenname given+name family+name customer patient employee recipient sender owner manager assignee applicant nachname vorname nom prénom apellido apellidos cognome sobrenome voornaam achternaam imię nazwisko maiden+name customer+name user+name contact+name account+holder cardholder',
  sin: 'sin social+insurance nas assurance+sociale',
  siret: 'siren siret',
  jmbg: 'jmbg emšo emso матични',
  dbcli: 'mysql mysqldump mariadb sshpass mongo mongosh',
  steuer:
    'steuer steuerid steueridentifikationsnummer steuernummer idnr idnummer identifikationsnummer tin steuer+id tax+id taxid',
  rvnr: 'sozialversicherungsnummer rentenversicherungsnummer rentenversicherung svnr sozialversicherung versicherungsnummer rvnr sv+nummer sv+nr',
  nir: 'nir sécurité+sociale securite+sociale sécu insee secu numéro+ss ss sociale',
  nifes: 'nif dni nie documento identidad nifs cif extranjero',
  nifpt: 'nif contribuinte fiscal nipc',
  fiscalcode: 'codice+fiscale fiscale cf codicefiscale',
  pesel: 'pesel pesela peselu',
  bsn: 'bsn burgerservicenummer sofinummer sofi burger',
  nrn: 'rijksregisternummer registre+national registre rijksregister nationalnummer national+register niss insz nrn inss',
  personnummer: 'personnummer personnumret personal+number samordningsnummer pnr födelsenummer personnr',
  hetu: 'hetu henkilötunnus henkilötunnukseni sotu finnish+id personal+identity henkilötunnuksesi',
  cpr: 'cpr cprnummer cpr+nummer personnummer cprnr',
  fnr: 'fødselsnummer fødselsnummeret fodselsnummer personnummer fnr fødselsnr dnummer',
  ahv: 'ahv avs oasi ahvn13 navs ahvnummer',
  svnr: 'svnr sozialversicherungsnummer sozialversicherung sv+nummer vsnr sv+nr versicherungsnummer',
  rc: 'rodné rodneho rodného rodné+číslo rč rc číslo rodne',
  cnp: 'cnp cod+numeric numeric',
  egn: 'егн egn',
  oib: 'oib osobni+identifikacijski',
  ik: 'isikukood asmens+kodas asmens isikukoodi ik kodas',
  amka: 'amka αμκα afm αφμ',
  ppsn: 'pps ppsn pps+number personal+public',
  tckn: 'tc tckn kimlik t.c vatandaşlık',
  aadhaar: 'aadhaar aadhar adhaar uid uidai आधार',
  panin: 'pan permanent+account pancard',
  voter: 'voter epic elector',
  gstin: 'gstin gst',
  tfn: 'tfn tax+file',
  abn: 'abn australian+business',
  acn: 'acn australian+company',
  medicareau: 'medicare',
  ird: 'ird inland+revenue',
  nric: 'nric fin nrics singpass',
  mykad: 'mykad nric kad+pengenalan pengenalan ic kad mykads',
  thai: 'บัตรประชาชน thai+id citizen+id thai',
  rrn: 'rrn resident+registration 주민등록번호 주민번호',
  mynumber: 'mynumber my+number マイナンバー individual+number',
  ric: 'resident+identity 身份证 身份证号 ric citizen+id shenfenzheng chinese+id id+card',
  hkid: 'hkid hong+kong',
  twid: 'taiwan 身分證 taiwanese',
  nik: 'nik ktp',
  cpf: 'cpf cpfs contribuinte',
  cnpj: 'cnpj empresa',
  cuit: 'cuit cuil cuits',
  rut: 'rut rol+único rol',
  nit: 'nit cedula cédula ciudadanía ciudadania',
  curp: 'curp',
  rfc: 'rfc contribuyentes',
  zaid: 'rsa+id sa+id south+african id+number identity+number rsa said refugee',
  nin: 'nin nigeria nimc',
  teudat: 'teudat zehut תעודת זהות israeli',
  vat: 'vat ust umsatzsteuer ustid tva iva btw ust+id ustidnr mwst vatin partita+iva nip dph moms',
  dlnegative: 'plate',
  dot: 'dot punkt punto ponto point',
  atsign: 'at ät',
  month:
    'january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro',
  weekday:
    'monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica',
  gender: 'gender sex geschlecht sexe género genero sexo sesso płeć geslacht pronouns',
  nationality:
    'nationality citizenship citizen nationalities ethnicity ethnic religion religious faith denomination party nationalität staatsangehörigkeit konfession nationalité nacionalidad nazionalità nacionalidade religión religião religione narodowość nationaliteit',
  nrp: 'american british english scottish welsh irish french german austrian swiss italian spanish portuguese dutch belgian danish swedish norwegian finnish icelandic greenlander polish czech slovak hungarian romanian bulgarian serbian croatian bosnian slovenian albanian macedonian greek turkish russian ukrainian belarusian estonian latvian lithuanian georgian armenian azerbaijani kazakh uzbek mongolian chinese japanese korean taiwanese vietnamese thai cambodian laotian burmese malaysian indonesian filipino filipina singaporean indian pakistani bangladeshi nepalese nepali afghan iranian persian iraqi syrian lebanese jordanian israeli palestinian saudi emirati yemeni kuwaiti egyptian libyan tunisian algerian moroccan sudanese ethiopian somali kenyan ugandan tanzanian nigerian ghanaian senegalese cameroonian congolese rwandan zambian zimbabwean angolan mozambican namibian canadian mexican guatemalan honduran salvadoran nicaraguan panamanian cuban haitian jamaican dominican colombian venezuelan ecuadorian peruvian bolivian chilean argentinian argentine uruguayan paraguayan brazilian australian european african asian latino latina hispanic kurdish roma americans germans italians russians europeans africans asians mexicans canadians australians christian christians catholic catholics protestant protestants orthodox lutheran baptist methodist mormon evangelical anglican muslim muslims islamic sunni shia shiite jewish jews jew hindu hindus buddhist buddhists sikh sikhs jain atheist atheists agnostic republican republicans democrat democrats democratic conservative liberal socialist socialists communist communists libertarian marxist feminist zionist',
  orgend:
    'inc llc llp ltd plc corp corporation gmbh gmb+h ag kg sarl srl spa bv nv oy aps university college hospital clinic institute foundation ministry agency association group holding holdings industries technologies solutions partners consulting laboratories bank insurance airlines motors pharmaceuticals orchestra society committee',
  orgbegin:
    'university bank ministry department institute bureau universidad université università universität banco banque banca',
  device:
    'udid idfa gaid idfv device+id device+identifier device+serial serial+number serial+no advertising+id android+id gerätenummer seriennummer',
  /** Makes a number less likely to be anyone's. */
  negative:
    'order invoice version tracking ref reference sku ticket isbn build commit lot part serial upc ean asin batch po item page total amount price timestamp epoch rechnung bestellung bestellnummer rechnungsnummer commande facture pedido factura fattura ordine bestelling faktura zamówienie case job seq port offset block checksum code hash span seed',
} as const;
