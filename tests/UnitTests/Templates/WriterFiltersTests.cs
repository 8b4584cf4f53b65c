using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class WriterFiltersTests
{
    private const string Dates =
        """{"at": "2026-03-29T00:30:00Z", "day": "2026-03-05", "local": "2026-03-05T14:30", "n": 1774744200, "zone": "Mars/Olympus", "culture": "tlh"}""";

    [Theory]
    [InlineData("{{ variables.at | date: 'long', 'Europe/Berlin', 'de-DE' }}", "29. März 2026")]
    [InlineData("{{ variables.at | date: 'full', zone: 'Europe/Berlin', culture: 'fr' }}", "dimanche 29 mars 2026")]
    [InlineData("{{ variables.at | date: 'datetime', 'Europe/Berlin', 'de' }}", "29. März 2026 01:30")]
    [InlineData("{{ variables.at | date: 'datetime', 'America/New_York', 'en-US' }}", "March 28, 2026 8:30 PM")]
    [InlineData("{{ variables.at | date: 'short', culture: 'en-GB' }}", "29/03/2026")]
    [InlineData("{{ variables.n | date: 'short', culture: 'en_GB' }}", "29/03/2026")]
    [InlineData("{{ variables.day | date: 'long', 'America/New_York', 'pl' }}", "5 marca 2026")]
    [InlineData("{{ variables.day | date: 'day', culture: 'de' }}", "5. März")]
    [InlineData("{{ variables.local | date: 'time', 'Asia/Tokyo', 'de' }}", "14:30")]
    [InlineData("{{ variables.day | date: 'd. MMM yy', culture: 'de-AT' }}", "5. März 26")]
    [InlineData("{{ variables.day | date: '%A, %-d. %B', culture: 'de' }}", "Donnerstag, 5. März")]
    [InlineData("{{ variables.day | date }}", "5 March 2026")]
    [InlineData("{{ variables.at | date: 'short', zone: variables.none, culture: '' }}", "03/29/2026")]
    [InlineData("{{ variables.at | date: 'long', culture: 'de-LU' }}", "29. März 2026")]
    public void A_date_is_written_in_a_zone_and_a_culture(string template, string text) =>
        Sms(template, Dates).Replace('\u202f', ' ').ShouldBe(text);

    [Theory]
    [InlineData("{{ variables.at | date: 'long', variables.zone }}", "There is no time zone 'Mars/Olympus' (line 1, column 19).")]
    [InlineData("{{ variables.at | date: 'long', 'UTC', variables.culture }}", "There is no culture 'tlh' (line 1, column 19).")]
    [InlineData("{{ 'soon' | date: 'long' }}", "'soon' is not a date (line 1, column 13).")]
    [InlineData("{{ variables.at | date: 'X' }}", "'X' is not a date format (line 1, column 19).")]
    [InlineData("{{ 'much' | money: 'EUR' }}", "money needs a number; 'much' is not a number (line 1, column 13).")]
    [InlineData("{{ 5 | money }}", "money needs a currency of three letters, such as \"EUR\", not '' (line 1, column 8).")]
    [InlineData("{{ 5 | number: 99 }}", "number takes from 0 to 10 decimals (line 1, column 8).")]
    public void An_unreadable_value_is_an_error_and_not_an_empty_text(string template, string error) =>
        Failure(template, Dates).ShouldBe($"The body cannot be rendered: {error}");

    [Theory]
    [InlineData("{{ variables.none | date: 'long', 'Mars/Olympus' | default: '-' }}", "There is no time zone 'Mars/Olympus'.")]
    [InlineData("{{ variables.none | date: culture: 'tlh', zone: 'UTC' }}", "There is no culture 'tlh'.")]
    [InlineData("{{ variables.none | money: 'EUR', 'tlh' }}", "There is no culture 'tlh'.")]
    [InlineData("{{ variables.none | number: 1, culture: 'tlh' }}", "There is no culture 'tlh'.")]
    [InlineData("{{ variables.none | date: 'long', variables.zone, 'de_CH' }}{{ variables.none | money: 'EUR', variables.culture }}", null)]
    public void An_unknown_zone_or_culture_is_found_without_a_value(string template, string? error) =>
        (Renderer.Check(template, TemplateKind.Subject)?.Message).ShouldBe(error);

    [Theory]
    [InlineData("{{ 1250 | money: 'EUR', 'de-DE' }}", "1.250,00 €")]
    [InlineData("{{ 1250.456 | money: 'usd', 'en-US' }}", "$1,250.46")]
    [InlineData("{{ -5 | money: 'CHF', 'en-GB' }}", "-CHF 5.00")]
    [InlineData("{{ '19.9' | money: 'EUR', culture: 'nl' }}", "€ 19,90")]
    [InlineData("{{ 1250 | money: 'JPY', 'ja' }}", "¥1,250")]
    [InlineData("{{ 1250 | money: 'PLN', 'pl' }}", "1 250,00 zł")]
    [InlineData("{{ 1250.5 | number: 1, 'de' }}", "1.250,5")]
    [InlineData("{{ 1250.4 | number }}", "1,250")]
    public void Amounts_are_formatted_by_the_culture(string template, string text) =>
        Sms(template).Replace('\u00a0', ' ').Replace('\u202f', ' ').ShouldBe(text);

    [Theory]
    [InlineData("ANNA-MARIA o'neil", "Anna-Maria O'Neil")]
    [InlineData("jürgen müller", "Jürgen Müller")]
    [InlineData("Ronald McDonald", "Ronald McDonald")]
    [InlineData("  x  ", "  X  ")]
    public void Title_case_keeps_deliberate_capitals(string name, string text) =>
        Html("[{{ variables.v | title_case }}]", $$"""{"v": "{{name}}"}""").Replace("&#x27;", "'").ShouldBe($"[{text}]");

    [Fact]
    public void A_default_replaces_white_space_too() => Sms("{{ variables.v | default: 'there' }}", """{"v": "  "}""").ShouldBe("there");
}
