using System.Globalization;
using System.Text;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Bulk;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.UnitTests.Bulk;

/// <summary>Lists as spreadsheets, mail programs and CRMs export them.</summary>
public sealed class CsvListTests
{
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("Comma", "email,name\nkim@example.org,Kim Berg\n")]
    [InlineData("Excel, German", "email;name\r\nkim@example.org;Kim Berg\r\n")]
    [InlineData("Excel with a sep line", "sep=;\r\nemail;name\r\nkim@example.org;Kim Berg\r\n")]
    [InlineData("Excel with a quoted sep line", "\"sep=\t\"\r\nemail\tname\r\nkim@example.org\tKim Berg\r\n")]
    [InlineData("Tabs", "email\tname\nkim@example.org\tKim Berg\n")]
    [InlineData("Commas within the names of a list with semicolons", "email;name;City, country\nkim@example.org;Kim Berg;\n")]
    [InlineData("Quoted header with separators", "\"email\";\"name\";\"a,b,c,d\"\n\"kim@example.org\";\"Kim Berg\";\n")]
    [InlineData("A comma at the end of each line", "email,name,\nkim@example.org,Kim Berg,\n")]
    [InlineData("Commas at the end of rows only", "email,name\nkim@example.org,Kim Berg,,,\n")]
    public async Task A_list_is_read_with_any_common_delimiter(string make, string csv)
    {
        var row = (await Rows(csv)).ShouldHaveSingleItem(make);

        row.Error.ShouldBeNull();
        (row.Input!.Recipient!.Email, row.Input.Recipient.Name).ShouldBe(("kim@example.org", "Kim Berg"));
    }

    [Fact]
    public async Task Missing_trailing_cells_are_empty_and_rows_of_delimiters_are_skipped()
    {
        var rows = await Rows("email,name,city\n,,\nkim@example.org,Kim\nlee@example.org\n , ,\nsam@example.org,Sam,Ulm\n,,,,\n");

        rows.Select(row => (row.Line, row.Error)).ShouldBe([(3, null), (4, null), (6, null)]);
        rows[2].Input!.Variables.ToString().ShouldBe("""{"city":"Ulm"}""");
    }

    [Theory]
    [InlineData("Salesforce", "Email,Email Opt Out\na@x.example,1\nb@x.example,0\n", "Email Opt Out", null)]
    [InlineData("Zoho", "Email,Email Opt Out\na@x.example,true\nb@x.example,false\n", "Email Opt Out", null)]
    [InlineData("Brevo", "EMAIL;EMAIL_BLACKLISTED\na@x.example;yes\nb@x.example;no\n", "EMAIL_BLACKLISTED", null)]
    [InlineData("HubSpot", "Email,Unsubscribed from all email\na@x.example,TRUE\nb@x.example,\n", "Unsubscribed from all email", null)]
    [InlineData(
        "Klaviyo",
        "Email,Email Marketing Consent\na@x.example,UNSUBSCRIBED\nb@x.example,SUBSCRIBED\n",
        "Email Marketing Consent",
        null
    )]
    [InlineData("A date", "Email,Unsubscribed at\na@x.example,2026-11-30\nb@x.example, \n", "Unsubscribed at", null)]
    [InlineData("German", "E-Mail;Abgemeldet\na@x.example;ja\nb@x.example;Nein\n", "Abgemeldet", null)]
    public async Task A_row_marked_as_unsubscribed_by_another_tool_has_a_warning(string make, string csv, string? first, string? second) =>
        (await Rows(csv)).Select(row => row.OptOut).ShouldBe([first, second], make);

    [Fact]
    public async Task A_mark_in_an_ignored_column_causes_no_warning()
    {
        var (map, _) = ColumnMap.Read(["Unsubscribed:-"]);

        (await Rows("email,Unsubscribed\na@x.example,yes\n", map)).ShouldHaveSingleItem().OptOut.ShouldBeNull();
    }

    [Fact]
    public async Task A_column_without_a_name_is_ignored_until_it_has_a_value()
    {
        var rows = await Rows("email,,name\na@x.de,,Ann\nb@x.de,7,Ben\n");

        rows[0].Error.ShouldBeNull();
        rows[1].Error.ShouldBe("Column 2 has the value 7, but no name in the header: name it, or ignore it with ?map=%232:-.");
    }

    [Fact]
    public async Task A_trailing_dot_in_a_column_name_is_not_a_path()
    {
        var row = (await Rows("email,Nr.,Tel. office,a..b,address.city\na@x.de,7,1,2,Ulm\n")).ShouldHaveSingleItem();

        row.Input!.Variables.ToString().ShouldBe("""{"Nr.":"7","Tel":{" office":"1"},"a..b":"2","address":{"city":"Ulm"}}""");
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("\"False\"", "false")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("0", "\"0\"")]
    [InlineData("0123", "\"0123\"")]
    public async Task True_and_false_are_booleans_and_other_values_are_text(string cell, string json) =>
        (await Rows($"email,v\na@x.de,{cell}\n")).ShouldHaveSingleItem().Input!.Variables.ToString().ShouldBe($$"""{"v":{{json}}}""");

    [Theory]
    [InlineData("HubSpot", "Record ID,First Name,Last Name,Email,Phone Number,Company\n1,Kim,Berg,kim@example.org,+4915112345678,ACME")]
    [InlineData(
        "Salesforce",
        "\"Salutation\",\"First Name\",\"Last Name\",\"Title\",\"Email\",\"Mobile\"\n\"Ms.\",\"Kim\",\"Berg\",\"CEO\",\"kim@example.org\",\"+4915112345678\""
    )]
    [InlineData(
        "Outlook",
        "First Name,Middle Name,Last Name,Company,Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail Type,E-mail Display Name\nKim,,Berg,ACME,+49301234567,,+4915112345678,kim@example.org,SMTP,Kim (kim@example.org)"
    )]
    [InlineData(
        "Outlook, German",
        "Vorname;Nachname;Firma;Telefon geschäftlich;Mobiltelefon;E-Mail-Adresse\nKim;Berg;ACME;+49301234567;+4915112345678;kim@example.org"
    )]
    [InlineData(
        "Google Contacts",
        "First Name,Middle Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\nKim,,Berg,* Work,kim@example.org,Mobile,+4915112345678"
    )]
    [InlineData(
        "Mailchimp",
        "Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING\nkim@example.org,Kim,Berg,,+4915112345678,2"
    )]
    [InlineData(
        "Pipedrive",
        "Person - Name,Person - First name,Person - Last name,Person - Email - Work,Person - Phone - Mobile\nKim Berg,Kim,Berg,kim@example.org,+4915112345678"
    )]
    [InlineData(
        "Shopify",
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Phone\n'1,Kim,Berg,kim@example.org,no,ACME,+4915112345678"
    )]
    [InlineData("Excel, German", "Anrede;Vorname;Nachname;E-Mail;Handy\nFrau;Kim;Berg;kim@example.org;+4915112345678")]
    [InlineData("Numbers", "E-Mail,Vorname,Nachname,Mobil,,\nkim@example.org,Kim,Berg,+4915112345678,,")]
    [InlineData(
        "LibreOffice",
        "\"e_mail\"\t\"first_name\"\t\"last_name\"\t\"phone\"\n\"kim@example.org\"\t\"Kim\"\t\"Berg\"\t\"+4915112345678\""
    )]
    [InlineData("French", "Prénom;Nom;Courriel;Portable\nKim;Berg;kim@example.org;+4915112345678")]
    [InlineData("Spanish", "Nombre;Apellidos;Correo electrónico;Móvil\nKim;Berg;kim@example.org;+4915112345678")]
    [InlineData("Own", "E-Mail (Kunde),firstName,LASTNAME,Customer E-Mail,mobile number\nx,Kim,Berg,kim@example.org,+4915112345678")]
    public async Task Exports_of_known_tools_are_read_by_their_column_names(string make, string csv)
    {
        var row = (await Rows(csv)).ShouldHaveSingleItem(make);

        row.Error.ShouldBeNull();
        var recipient = row.Input!.Recipient!;
        (recipient.Email, recipient.FirstName, recipient.LastName, recipient.Phone).ShouldBe(
            ("kim@example.org", "Kim", "Berg", "+4915112345678"),
            make
        );
    }

    [Fact]
    public async Task The_mapping_is_reported_and_unknown_columns_are_variables()
    {
        var row = (await Rows("E-mail Address,Email 2,Firma,,Vorname\nkim@example.org,b@x.de,ACME,,Kim\n")).ShouldHaveSingleItem();

        row.Columns.ShouldBe([
            new("E-mail Address", "recipient.email"),
            new("Email 2", "variables.Email 2"),
            new("Firma", "variables.Firma"),
            new("", null),
            new("Vorname", "recipient.firstName"),
        ]);
        row.Input!.Variables.ToString().ShouldBe("""{"Email 2":"b@x.de","Firma":"ACME"}""");
    }

    [Theory]
    [InlineData("Kontakt:email,Vorname:variables.nick,Notiz:-")]
    [InlineData("#1:email,#2:variables.nick,#3:-")]
    [InlineData("""{"Kontakt":"recipient.email","vorname":"variables.nick","Notiz":"-"}""")]
    public async Task The_map_of_a_request_takes_precedence_over_column_names(string text)
    {
        var row = (
            await Rows("Kontakt,Vorname,Notiz,email\nkim@example.org,Kim,private,other@example.org\n", Map(text))
        ).ShouldHaveSingleItem();

        row.Input!.Recipient!.Email.ShouldBe("kim@example.org");
        row.Input.Recipient.FirstName.ShouldBeNull();
        row.Input.Variables.ToString().ShouldBe("""{"nick":"Kim","email":"other@example.org"}""");
    }

    [Theory]
    [InlineData("Missing:email", "The map names the column Missing, which the header does not have. It has: email, Name 2.")]
    [InlineData("#3:email", "The map names the column #3, which the header does not have. It has: email, Name 2.")]
    [InlineData("email:name,Name 2:name", "The map gives two columns to the field name.")]
    public async Task A_map_that_does_not_fit_the_header_is_an_error(string map, string error) =>
        (await Rows("email,Name 2\na@x.de,b\n", Map(map))).ShouldHaveSingleItem().Error.ShouldBe(error);

    [Theory]
    [InlineData("email")]
    [InlineData("email:colour")]
    [InlineData(":email")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":\"colour\"}")]
    [InlineData("a:email,a:name")]
    public void An_unreadable_map_is_rejected(string text) => ColumnMap.Read([text]).Wrong.ShouldNotBeNull();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16be", true)]
    public async Task A_byte_order_mark_determines_the_encoding(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] body = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("email;name\r\nkim@example.org;Jörg Ügür\r\n")];

        (await Rows(body)).ShouldHaveSingleItem().Input!.Recipient!.Name.ShouldBe("Jörg Ügür");
    }

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("ISO-8859-1")]
    public async Task A_charset_determines_the_encoding(string charset)
    {
        var body = Western.GetBytes("email;name\r\nkim@example.org;Jörg “Ügür” 5 €\r\n");

        (await Rows(body, new BulkReading(charset, ColumnMap.Empty)))
            .ShouldHaveSingleItem()
            .Input!.Recipient!.Name.ShouldBe("Jörg “Ügür” 5 €");
    }

    [Fact]
    public async Task UTF16_without_a_byte_order_mark_and_workbooks_are_named_in_the_error()
    {
        (await Rows(Encoding.Unicode.GetBytes("email\na@x.de")))
            .ShouldHaveSingleItem()
            .Error!.ShouldStartWith("The body is UTF-16 without a byte order mark");
        (await Rows(Encoding.BigEndianUnicode.GetBytes("email\na@x.de")))
            .ShouldHaveSingleItem()
            .Error!.ShouldStartWith("The body is UTF-16 without");
        (await Rows([(byte)'P', (byte)'K', 3, 4, 20, 0])).ShouldHaveSingleItem().Error!.ShouldStartWith("The body is an Excel workbook");
    }

    [Theory]
    [InlineData(17)]
    [InlineData(65)]
    [InlineData(65_000)]
    public async Task A_too_deeply_nested_column_name_is_an_error_of_the_header(int levels)
    {
        var fatal = (await Rows($"email,{string.Join('.', Enumerable.Repeat("a", levels))}\na@x.de,1\n")).ShouldHaveSingleItem();

        fatal.IsFatal.ShouldBeTrue();
        fatal.Error!.ShouldContain(levels > 100 ? "has more than 200 characters" : "nests more than 16 levels");
    }

    [Fact]
    public async Task Sixteen_levels_can_be_read()
    {
        var row = (await Rows($"email,{string.Join('.', Enumerable.Repeat("a", 16))}\na@x.de,1\n")).ShouldHaveSingleItem();

        row.Input!.Read(DateTimeOffset.UnixEpoch).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "The header names 501 columns; a CSV may have at most 500.")]
    [InlineData(20_000, "The header names 20000 columns; a CSV may have at most 500.")]
    public async Task A_header_has_at_most_500_columns(int count, string? error)
    {
        var names = string.Join(',', Enumerable.Range(1, count - 1).Select(i => i.ToString(CultureInfo.InvariantCulture)));

        (await Rows($"email,{names}\na@x.de,1\n")).ShouldHaveSingleItem().Error.ShouldBe(error);
    }

    [Fact]
    public async Task Blank_lines_are_bounded()
    {
        var rows = await Rows($"email\na@x.de\n{new string('\n', BlankLines.Most + 10)}b@x.de\n");

        rows.Select(row => row.Code).ShouldBe(["malformed", "tooManyBlankLines"]);
        rows[0].Error.ShouldBeNull();
    }

    private static ColumnMap Map(string text) => ColumnMap.Read([text]).Map!;

    private static Task<List<BulkRow<EnrolmentInput>>> Rows(string csv, ColumnMap? map = null) =>
        Rows(Encoding.UTF8.GetBytes(csv), new BulkReading(null, map ?? ColumnMap.Empty));

    private static async Task<List<BulkRow<EnrolmentInput>>> Rows(byte[] body, BulkReading? reading = null)
    {
        List<BulkRow<EnrolmentInput>> all = [];
        await foreach (
            var row in new BulkReader().Read(new MemoryStream(body), BulkFormat.Csv, reading ?? BulkReading.Default, CancellationToken.None)
        )
        {
            all.Add(row);
        }

        return all;
    }
}
