using System.Collections.Frozen;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// Maps column names of CSV files to fields: the names used by spreadsheets, mail programs and CRMs (Outlook, Google Contacts, HubSpot, Salesforce,
/// Mailchimp, Brevo, Pipedrive, Shopify), and common names in several languages.
/// </summary>
internal static class CsvFields
{
    public const string Email = "email";

    /// <summary>
    /// The names per field in order of preference, normalized by <see cref="Key"/>. Of several phone columns the mobile one is preferred, because the
    /// number is used for text messages.
    /// </summary>
    private static readonly FrozenDictionary<string, (string Field, int Rank)> Synonyms = Table(
        (
            Email,
            "emailaddress email1value emailwork primaryemail primaryemailaddress workemail businessemail emailprimary email1 emailaddress1 email1address "
                + "personemail personemailwork contactemail customeremail useremail mail mailaddress emailadresse mailadresse emailadr epost epostadresse "
                + "courriel adressemail adresseemail adresseelectronique adresseélectronique correo correoelectronico correoelectrónico "
                + "indirizzoemail posta emailadres eposta emailcím адресэлектроннойпочты электроннаяпочта почта privateemail emailprivat emailhome personalemail"
        ),
        (
            "name",
            "fullname displayname contactname personname customername vollständigername vollername nomcomplet nombrecompleto nomecompleto nomecognome "
                + "volledigenaam naam imięinazwisko имя"
        ),
        (
            "firstName",
            "firstname givenname forename fname vorname rufname prénom prenom nombre primernombre nome voornaam förnamn fornavn etunimi imię imie jméno "
                + "jmeno keresztnév contactfirstname personfirstname"
        ),
        (
            "lastName",
            "lastname surname familyname lname nachname familienname zuname nomdefamille nom apellido apellidos cognome sobrenome achternaam efternamn "
                + "etternavn efternavn sukunimi nazwisko příjmení prijmeni vezetéknév contactlastname personlastname фамилия"
        ),
        (
            "phone",
            "mobilephone mobile mobilenumber mobilephonenumber phonemobile personphonemobile cellphone cell cellular cellphonenumber smsphone smsnumber sms "
                + "handy handynummer mobil mobiltelefon mobilnummer mobilfunk telefonmobil portable téléphoneportable mobiel móvil movil cellulare celular "
                + "telefonkomórkowy phonenumber phone1value phonework primaryphone personphone personphonework telephone telephonenumber tel telnr "
                + "telefon telefonnummer telefonnr rufnummer téléphone teléfono telefono telefoon telefone telefonszám телефон businessphone workphone "
                + "homephone telefongeschäftlich telefonprivat"
        ),
        ("timeZone", "timezone ianatimezone timezoneid zeitzone tz fuseauhoraire zonahoraria tijdzone"),
        ("offerId", "angebotsid offernumber angebotsnummer"),
        ("startAt", "startdate startzeitpunkt")
    );

    /// <summary>Names of columns in which CRMs and mail tools record that a contact does not want mails.</summary>
    private static readonly FrozenSet<string> OptOuts = (
        "optout optedout emailoptout emailoptedout hasoptedoutofemail optedoutofemail unsubscribed unsubscribe unsubscribedat isunsubscribed "
        + "emailunsubscribed globalunsubscribe globallyunsubscribed unsubscribedfromallemail blacklisted emailblacklisted blocklisted emailblocklisted "
        + "donotemail donotcontact donotmail abgemeldet abbestellt désabonné desabonne désinscrit desinscrit"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Negative = "0 n no false off - nein falsch non faux falso nee nie nej subscribed"
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsOptOut(string column) => OptOuts.Contains(Key(column));

    /// <summary>In a column that does not record opt-outs, such as a status, only one value means an opt-out.</summary>
    public static bool SaysNoMails(string cell, bool isOptOut)
    {
        var text = cell.AsSpan().Trim();
        return isOptOut
            ? text.Length > 0 && !Negative.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text)
            : text.Equals("unsubscribed", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The field of a column by a synonym, and the name's rank (0 is the most preferred); null when the name is unknown.</summary>
    public static (string Field, int Rank)? Find(string column)
    {
        var key = Key(column);
        return Synonyms.TryGetValue(key, out var found) ? found
            // "Customer E-Mail", "Contact's email address": ranked after all names in the table.
            : key.EndsWith("email", StringComparison.Ordinal) || key.EndsWith("emailaddress", StringComparison.Ordinal)
                ? (Email, int.MaxValue)
            : null;
    }

    public static bool IsEmail(string column) => Key(column) == Email || Find(column)?.Field == Email;

    /// <summary>Letters and digits in lower case: <c>E-mail Address</c>, <c>email_address</c> and <c>EmailAddress</c> are the same name.</summary>
    private static string Key(string column) => string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static FrozenDictionary<string, (string, int)> Table(params (string Field, string Names)[] fields) =>
        fields
            .SelectMany(each => each.Names.Split(' ').Select((name, rank) => (name, each.Field, rank)))
            .ToFrozenDictionary(each => each.name, each => (each.Field, each.rank), StringComparer.Ordinal);
}
