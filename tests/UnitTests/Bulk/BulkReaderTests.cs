using System.Text;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Infrastructure.Bulk;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.UnitTests.Bulk;

public sealed class BulkReaderTests
{
    [Fact]
    public async Task A_csv_row_becomes_an_enrolment()
    {
        var row = (
            await Csv(
                "Email,NAME,phone,timezone,offerId,startAt,company,offer.address,offer.price,variables.email\n"
                    + "anna@example.com,\"Schmidt, Anna\",+4915112345678,Europe/Berlin,o-7,2026-01-31T09:30:00+02:00,ACME,Main St 1,,private@example.com"
            )
        ).ShouldHaveSingleItem();

        row.Line.ShouldBe(2);
        row.Input!.Recipient.ShouldBe(new RecipientInput("anna@example.com", "Schmidt, Anna", "+4915112345678", "Europe/Berlin"));
        row.Input.OfferId.ShouldBe("o-7");
        row.Input.StartAt!.Value.UtcDateTime.ShouldBe(new DateTime(2026, 1, 31, 7, 30, 0));
        row.Input.Variables.ToString().ShouldBe("""{"company":"ACME","offer":{"address":"Main St 1"},"email":"private@example.com"}""");
    }

    [Fact]
    public async Task Empty_cells_are_absent()
    {
        var row = (await Csv("email,name,offer.address,startAt\nanna@example.com,,  ,\n")).ShouldHaveSingleItem();

        row.Input.ShouldBe(new EnrolmentInput(new RecipientInput("anna@example.com", null, null, null), null, null, null));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Row_numbers_are_the_first_line_for_all_line_endings(string lineEnd)
    {
        var rows = await Csv("email,note\na@x.de,\"one\ntwo\n\nfour\"\n\nb@x.de,\n  \nc@x.de,\"\"\"q\"\"\"".ReplaceLineEndings(lineEnd));

        rows.Select(row => row.Line).ShouldBe([2, 7, 9]);
        rows[0].Input!.Variables.ToString().ShouldBe("""{"note":"one\ntwo\n\nfour"}""");
        rows[2].Input!.Variables.ToString().ShouldBe("""{"note":"\u0022q\u0022"}""");
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_first_column() =>
        (await Csv("\uFEFFemail\nanna@example.com")).ShouldHaveSingleItem().Input!.Recipient!.Email.ShouldBe("anna@example.com");

    [Theory]
    [InlineData(
        "a@x.de,Ann,surplus",
        "The row has 3 fields, but the header names 2: put cells that hold the separator into double quotes."
    )]
    [InlineData("a@x.de,Ann \"A\" Lee", "Field 2 has a quote, but does not begin with one.")]
    [InlineData("a@x.de,\"Ann\" Lee", "Field 2 continues after its closing quote.")]
    [InlineData("a@x.de,\"Ann", "Field 2 continues after its closing quote.")]
    [InlineData("a@x.de,A\0B", "The row must not hold the character U+0000.")]
    public async Task A_malformed_row_is_reported_and_the_following_rows_are_read(string broken, string error)
    {
        var rows = await Csv($"email,name\nfirst@x.de,First\n{broken}\nlast@x.de,\"Last\"\n");

        rows.Select(row => (row.Line, row.Error)).ShouldBe([(2, null), (3, error), (4, null)]);
        rows[2].Input!.Recipient!.Name.ShouldBe("Last");
    }

    [Fact]
    public async Task An_unclosed_quote_affects_one_row()
    {
        var rows = await Csv("email,name\na@x.de,\"Ann\nb@x.de,Bob\nc@x.de,Carl\n");

        rows.Select(row => (row.Line, row.Error)).ShouldBe([(2, "A quote in the row is not closed."), (3, null), (4, null)]);
    }

    [Fact]
    public async Task An_unclosed_quote_is_given_up_after_a_bounded_length()
    {
        var many = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"p{i}@example.com,Person {i}\n"));

        var rows = await Csv($"email,name\na@x.de,\"Ann\n{many}");

        rows.Count.ShouldBe(20_001);
        rows[0].Error.ShouldBe($"The row is longer than {CsvRecord.Longest} characters, or a quote in it is not closed.");
        rows.Skip(1).ShouldAllBe(row => row.Error == null);
        rows[^1].Line.ShouldBe(20_002);
    }

    [Fact]
    public async Task A_row_with_invalid_UTF8_is_reported()
    {
        var rows = await Read([.. "email,name\na@x.de,M"u8, 0xFC, .. "ller\nb@x.de,Müller\n"u8], BulkFormat.Csv);

        rows.Select(row => (row.Line, row.Error))
            .ShouldBe([
                (2, "The row is not valid UTF-8. Save the list as UTF-8, or send Content-Type: text/csv; charset=windows-1252."),
                (3, null),
            ]);
    }

    [Theory]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("31.01.2026")]
    public async Task A_start_without_an_offset_is_reported(string start) =>
        (await Csv($"email,startAt\na@x.de,{start}")).ShouldHaveSingleItem().Error!.ShouldStartWith("startAt must be an ISO 8601 instant");

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData(" \n\n", "The body is empty.")]
    [InlineData(
        "email,Email\na@x.de,b@x.de",
        "The header names the column email twice. Rename it, or say what it is with ?map=%232:<field>."
    )]
    [InlineData(
        "email,x,variables.x\na@x.de,1,2",
        "The header's column variables.x is there twice. Rename it, or say what it is with ?map=%233:<field>."
    )]
    [InlineData(
        "email,offer,offer.address\na@x.de,1,2",
        "The header's column offer.address has the same name as a group of columns. Rename it, or say what it is with ?map=%233:<field>."
    )]
    [InlineData(
        "email,offer.address,offer\na@x.de,1,2",
        "The header's column offer has the same name as a group of columns. Rename it, or say what it is with ?map=%233:<field>."
    )]
    [InlineData("\"email\na@x.de", "A quote in the row is not closed.")]
    [InlineData(
        "kim@example.org,Kim\nlee@example.org,Lee",
        "The first line must be a header that names a column email, not a row: it holds kim@example.org."
    )]
    public async Task An_unusable_header_is_the_only_reported_row(string csv, string error) =>
        (await Csv(csv)).ShouldHaveSingleItem().ShouldBe(new BulkRow<EnrolmentInput>(1, null, error) { IsFatal = true });

    [Theory]
    [InlineData("name\nAnna")]
    [InlineData("email|name\na@x.de|Anna")]
    [InlineData("Company,City\nACME,Ulm")]
    public async Task The_error_for_a_header_without_an_address_names_its_columns_and_a_remedy(string csv)
    {
        var error = (await Csv(csv)).ShouldHaveSingleItem().Error!;

        error.ShouldStartWith("The header must name a column email; commas, semicolons or tabs separate columns. It has: ");
        error.ShouldContain(csv.Split(',', '\n')[0]);
        error.ShouldEndWith("say which one it is with ?map=<column>:email.");
    }

    [Fact]
    public async Task An_NDJSON_line_has_the_format_of_a_single_enrolment()
    {
        var rows = await Ndjson(
            "\uFEFF{\"recipient\":{\"email\":\"a@x.de\"},\"startAt\":\"2026-01-31T09:30:00Z\"}\r\n\n  \n{\"recipient\":{\"email\":\"b@x.de\"}}"
        );

        rows.Select(row => (row.Line, row.Input?.Recipient?.Email)).ShouldBe([(1, "a@x.de"), (4, "b@x.de")]);
    }

    [Theory]
    [InlineData("""{"recipient":{"email":"a@x.de"},"surprise":1}""", "surprise is not a field of this request.")]
    [InlineData("""{"recipient":{"email":"a@x.de","age":7}}""", "recipient.age is not a field of this request.")]
    [InlineData("""{"recipient":{"email":7}}""", "recipient.email must be text.")]
    [InlineData("""{"recipient":{"email":"a@x.de","name":"\u0000"}}""", "recipient.name must not hold the character U+0000.")]
    [InlineData("""{"recipient":{"email":"a@x.de"},"offerId":"\ud800"}""", "offerId must be valid Unicode.")]
    [InlineData("""{"recipient":{"email":"a@x.de"},"startAt":"2026-01-31T09:30:00"}""", "startAt must be an ISO 8601 instant")]
    [InlineData("""{"recipient":""", "The line is not valid JSON (line 1, byte")]
    [InlineData("[]", "The line must be an object.")]
    [InlineData("null", "The line must be an object.")]
    public async Task A_malformed_line_is_reported_with_its_rule_and_the_following_lines_are_read(string broken, string error)
    {
        var rows = await Ndjson($"{{}}\n{broken}\n{{}}");

        rows.Select(row => row.Line).ShouldBe([1, 2, 3]);
        rows[1].Error!.ShouldStartWith(error);
        rows[2].Input.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(BulkFormat.Csv, "email\n{0}\na@x.de\n")]
    [InlineData(BulkFormat.Ndjson, "{{}}\n{0}\n{{}}\n")]
    public async Task A_too_long_line_is_skipped(BulkFormat format, string body)
    {
        var rows = await Read(Encoding.UTF8.GetBytes(string.Format(body, new string('x', 3 * BodyLines.Longest))), format);

        rows[^2].Error!.ShouldContain("longer than 1048576 bytes");
        (rows[^1].Line, rows[^1].Error).ShouldBe((3, null));
    }

    [Theory]
    [InlineData(BulkFormat.Csv, "email,name\r\na@x.de,\"two\r\nlines\"\r\n\r\nb@x.de,ü\r\n")]
    [InlineData(BulkFormat.Ndjson, "{\"recipient\":{\"email\":\"a@x.de\"}}\r\n\r\n{\"recipient\":{\"email\":\"ü@x.de\"}}\r\n")]
    public async Task The_chunks_in_which_a_body_arrives_make_no_difference(BulkFormat format, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var whole = await Read(body, format);

        var pieces = await Collect(new BulkReader().Read(new Drip(body), format, BulkReading.Default, CancellationToken.None));

        pieces.Select(row => (row.Line, row.Input, row.Error)).ShouldBe(whole.Select(row => (row.Line, row.Input, row.Error)));
        pieces.Select(row => row.Line).ShouldBe(format == BulkFormat.Csv ? [2, 5] : [1, 3]);
    }

    private static Task<List<BulkRow<EnrolmentInput>>> Csv(string text) => Read(Encoding.UTF8.GetBytes(text), BulkFormat.Csv);

    private static Task<List<BulkRow<EnrolmentInput>>> Ndjson(string text) => Read(Encoding.UTF8.GetBytes(text), BulkFormat.Ndjson);

    private static Task<List<BulkRow<EnrolmentInput>>> Read(byte[] body, BulkFormat format) =>
        Collect(new BulkReader().Read(new MemoryStream(body), format, BulkReading.Default, CancellationToken.None));

    private static async Task<List<BulkRow<EnrolmentInput>>> Collect(IAsyncEnumerable<BulkRow<EnrolmentInput>> rows)
    {
        List<BulkRow<EnrolmentInput>> all = [];
        await foreach (var row in rows)
        {
            all.Add(row);
        }

        return all;
    }

    /// <summary>A body that arrives byte by byte.</summary>
    private sealed class Drip(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
