using CsCheck;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

public sealed class ErrorTextTests
{
    private static readonly Recipient Anna = An.Anna with { Phone = PhoneNumber.FromStore("+4915112345678") };

    [Theory]
    [InlineData("550 5.1.1 <anna@example.com> no such user", "550 5.1.1 <<address>> no such user")]
    [InlineData("ANNA@EXAMPLE.COM is unknown", "<address> is unknown")]
    [InlineData("see https://x.example/?to=anna%40example.com", "see https://x.example/?to=<address>")]
    [InlineData("mail from other.person@receiver.example refused", "mail from <address> refused")]
    [InlineData("The 'To' number +4915112345678 is not valid", "The 'To' number <number> is not valid")]
    [InlineData("The 'To' number 4915112345678 is not valid", "The 'To' number <number> is not valid")]
    [InlineData("call +1 (415) 555-0100 now", "call <number> now")]
    [InlineData("Dear Anna Schmidt, no", "Dear <name>, no")]
    [InlineData("two\r\nlines\tand\u0000zero", "two lines andzero")]
    [InlineData("Twilio answered 400: no (code 21408)", "Twilio answered 400: no (code 21408)")]
    [InlineData("503 at 2026-11-29 10:15:00 from 192.168.100.200", "503 at 2026-11-29 10:15:00 from 192.168.100.200")]
    public void A_stored_error_contains_no_personal_data(string said, string kept) => ErrorText.Of(said, Anna).ShouldBe(kept);

    [Fact]
    public void Truncating_a_long_error_leaves_no_part_of_an_address()
    {
        var mailbox = new string('x', 64);
        var said = string.Concat(Enumerable.Repeat($"<{mailbox}@{string.Join('.', Enumerable.Repeat(mailbox[1..], 2))}.example> ", 100));

        for (var before = 0; before < 250; before++)
        {
            ErrorText.Of(new string('-', before) + ' ' + said, Anna).ShouldNotContain("xx");
        }
    }

    [Fact]
    public void Only_the_start_of_a_long_error_is_processed()
    {
        var kept = ErrorText.Of(string.Concat(Enumerable.Repeat("anna@example.com ", 12_000)), Anna);

        kept.ShouldStartWith("<address> <address>");
        kept.Length.ShouldBeLessThanOrEqualTo(ErrorText.Longest);
    }

    [Fact]
    public void Any_error_text_becomes_storable_bounded_and_free_of_the_recipient() =>
        StorableTextTests
            .AnyUtf16.Array[0, 60]
            .Sample(
                parts =>
                {
                    var kept = ErrorText.Of(string.Join("anna@example.com", parts), Anna);
                    kept.Length.ShouldBeLessThanOrEqualTo(ErrorText.Longest);
                    StorableText.IsStorable(kept).ShouldBeTrue();
                    kept.ShouldNotContain("anna@example.com");
                },
                iter: 2_000
            );
}
