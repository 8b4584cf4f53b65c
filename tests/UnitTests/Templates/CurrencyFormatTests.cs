using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>Formats of amounts that the program keeps for the next rendering.</summary>
public sealed class CurrencyFormatTests
{
    private const int MostKept = 5_000;

    [Fact]
    public void Unknown_currencies_are_formatted_and_not_cached()
    {
        var german = Cultures.Find("de-DE").ShouldNotBeNull();
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

        foreach (var code in Letters.SelectMany(a => Letters.SelectMany(b => Letters.Select(c => $"{a}{b}{c}"))))
        {
            5m.ToString("C", Cultures.Money(german, code)).ShouldNotBeEmpty();
        }

        5m.ToString("C", Cultures.Money(german, "XQX")).ShouldEndWith("XQX");
        Cultures.KeptCurrencies.ShouldBeLessThan(MostKept);
    }
}
