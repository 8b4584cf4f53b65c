using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

/// <summary>Dates in usual notations: parsed if they are unambiguous, and otherwise rejected.</summary>
public sealed class DateReaderTests
{
    [Theory]
    [InlineData("\"1798761600\"", "2027-01-01 00:00")]
    [InlineData("1798761600", "2027-01-01 00:00")]
    [InlineData("\"1798761600.75\"", "2027-01-01 00:00")]
    [InlineData("-315619200", "1960-01-01 00:00")]
    [InlineData("\"01.02.2027\"", "2027-02-01 00:00")]
    [InlineData("\"31.12.2027\"", "2027-12-31 00:00")]
    [InlineData("\"1.2.2027\"", "2027-02-01 00:00")]
    [InlineData("\"12.11.2026 9:30\"", "2026-11-12 09:30")]
    [InlineData("\"2027-02-01\"", "2027-02-01 00:00")]
    [InlineData("\"2027/02/01\"", "2027-02-01 00:00")]
    [InlineData("\"2027-02-01 09:30\"", "2027-02-01 09:30")]
    [InlineData("\"2027-02-01T09:30:00.123456789\"", "2027-02-01 09:30")]
    [InlineData("\"2027-02-01T09:30:00.123456789Z\"", "2027-02-01 09:30")]
    [InlineData("\"2027-02-01t09:30z\"", "2027-02-01 09:30")]
    [InlineData("\"2027-02-01T09:30:00+02:00\"", "2027-02-01 07:30")]
    [InlineData("\"2027-02-01 09:30:00 +0200\"", "2027-02-01 07:30")]
    [InlineData("\"2027-02-01 09:30:00 UTC\"", "2027-02-01 09:30")]
    [InlineData("\"2027-02-01 09:30:00.5+00\"", "2027-02-01 09:30")]
    [InlineData("\"Mon, 01 Feb 2027 09:30:00 GMT\"", "2027-02-01 09:30")]
    [InlineData("\"1 February 2027\"", "2027-02-01 00:00")]
    [InlineData("\"Feb 1, 2027\"", "2027-02-01 00:00")]
    public void A_date_with_one_meaning_is_read(string value, string date) =>
        Sms("""{{ variables.v | date: "%Y-%m-%d %H:%M" }}""", $$"""{"v": {{value}}}""").ShouldBe(date);

    [Theory]
    [InlineData("\"01/02/2027\"")]
    [InlineData("\"13/02/2027\"")]
    [InlineData("\"01-02-2027\"")]
    [InlineData("\"01.02.27\"")]
    [InlineData("\"01.02.\"")]
    [InlineData("\"1.2\"")]
    [InlineData("\"10:30\"")]
    [InlineData("\"2027\"")]
    [InlineData("2027")]
    [InlineData("\"20270101\"")]
    [InlineData("46388")]
    [InlineData("1798761600000")]
    [InlineData("\"2027-02\"")]
    [InlineData("\"31.02.2027\"")]
    [InlineData("\"2027-02-30\"")]
    [InlineData("\"2027-02-01T24:00:00Z\"")]
    [InlineData("\"2027-W05-1\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"Monday\"")]
    [InlineData("true")]
    [InlineData("[1]")]
    public void An_ambiguous_date_is_an_error_that_names_the_value(string value)
    {
        foreach (var filter in new[] { "date: 'long'", "date: '%Y'", "time_zone: 'Europe/Berlin'" })
        {
            var error = Failure($$$"""{{ variables.v | {{{filter}}} }}""", $$"""{"v": {{value}}}""");

            error.ShouldContain(value is "[1]" ? "a list" : value.Trim('"'));
            error.ShouldContain("is not a date");
            error.ShouldEndWith("(line 1, column 18).");
        }
    }

    [Fact]
    public void A_date_with_dots_is_the_same_in_every_culture() =>
        Sms(
                """{{ variables.v | date: "long", "Europe/Berlin", "de" }}/{{ variables.v | date: "long", "UTC", "en-US" }}""",
                """{"v": "01.02.2027"}"""
            )
            .ShouldBe("1. Februar 2027/February 1, 2027");

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "Pacific/Kiritimati")]
    [InlineData("0001-01-01T00:00:00Z", "America/New_York")]
    [InlineData("253402300799", "Pacific/Kiritimati")]
    public void A_date_that_its_zone_moves_out_of_range_is_an_error(string value, string zone)
    {
        var template = "{{ variables.v | date: '%Y', '" + zone + "' }}";

        Failure(template, $$"""{"v": "{{value}}"}""").ShouldContain("is out of range");
    }

    [Fact]
    public void Seconds_written_by_the_date_filter_can_be_parsed() =>
        Sms("""{{ "now" | date: "%s" | date: "%Y" }}""")
            .ShouldBe(DateTimeOffset.UtcNow.Year.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
