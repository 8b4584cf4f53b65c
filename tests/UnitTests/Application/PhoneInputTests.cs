using FollowUp.Application.Recipients;

namespace FollowUp.UnitTests.Application;

public sealed class PhoneInputTests
{
    [Theory]
    [InlineData("+44 (0)20 7946 0123", "+442079460123")]
    [InlineData("+49 0151 23456789", "+4915123456789")]
    [InlineData("+49 (0151) 23456789", "+4915123456789")]
    [InlineData("+49 (0) 151 / 234-567-89", "+4915123456789")]
    [InlineData("+31 (0)6 12345678", "+31612345678")]
    [InlineData("+48 (0)601 234 567", "+48601234567")]
    [InlineData("+39 06 698 12345", "+390669812345")]
    [InlineData("+39 (0)6 698 12345", "+390669812345")]
    [InlineData("+49\u00a0151\u202f23456789\u202c", "+4915123456789")]
    [InlineData("\u202a+49‑151–2345—6789\u202c", "+4915123456789")]
    [InlineData("＋４９ １５１ ２３４５６７８９", "+4915123456789")]
    [InlineData("0049 151 23456789", "+4915123456789")]
    [InlineData("tel:+49-151-23456789", "+4915123456789")]
    [InlineData("+49.151.23456789", "+4915123456789")]
    [InlineData("+1 (415) 555-2671", "+14155552671")]
    [InlineData("+15550100000", "+15550100000")]
    [InlineData("'+49 151 23456789", "+4915123456789")]
    public void A_number_is_parsed_in_usual_notations(string text, string number) =>
        PhoneInput
            .Read(text)
            .ShouldSatisfyAllConditions(read => read.Wrong.ShouldBeNull(), read => read.Number!.Value.Value.ShouldBe(number));

    [Theory]
    [InlineData("4.9E+12", "was turned into '4.9E+12' by a spreadsheet")]
    [InlineData("4,91511E+12", "was turned into '4,91511E+12' by a spreadsheet")]
    [InlineData("4E+12", "was turned into '4E+12' by a spreadsheet")]
    [InlineData("0151 23456789", "'0151 23456789' has no country code")]
    [InlineData("4915123456789", "'4915123456789' has no country code")]
    [InlineData("+49 151 23456789 / +49 151 23456780", "one number, not '+49 151 23456789")]
    [InlineData("+49 151 23456789; 0151", "one number, not")]
    [InlineData("+49 151 23456789 ext. 5", "has characters other than digits")]
    [InlineData("+999 151 23456789", "a country code that does not exist")]
    [InlineData("+49 1", "must be a number with its country code")]
    [InlineData("+1 415 555 26711234", "is too long for its country")]
    [InlineData("+49 0", "must be a number with its country code")]
    [InlineData("+48 0000000000", "must be a number with its country code")]
    [InlineData("call me", "must be a number with its country code")]
    [InlineData("-", "must be a number with its country code")]
    public void An_invalid_number_is_rejected_with_a_reason(string text, string reason) =>
        PhoneInput.Read(text).ShouldSatisfyAllConditions(read => read.Number.ShouldBeNull(), read => read.Wrong!.ShouldContain(reason));
}
