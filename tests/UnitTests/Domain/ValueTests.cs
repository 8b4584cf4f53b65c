using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

public sealed class ValueTests
{
    [Theory]
    [InlineData("anna@example.com", true)]
    [InlineData("a.b+c@sub.example.co", true)]
    [InlineData("o'neil@example.com", true)]
    [InlineData("anna", false)]
    [InlineData("anna@localhost", false)]
    [InlineData("anna@@example.com", false)]
    [InlineData(".anna@example.com", false)]
    [InlineData("an..na@example.com", false)]
    [InlineData("anna@-example.com", false)]
    [InlineData("anna@example.com\n", false)]
    [InlineData("anna@exam\r\nBcc: x@example.com", false)]
    [InlineData("Anna <anna@example.com>", false)]
    [InlineData("ännä@example.com", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_mail_address_is_one_plain_address(string? text, bool good) => (EmailAddress.Parse(text) is not null).ShouldBe(good);

    [Fact]
    public void A_mail_address_has_a_maximum_length()
    {
        var longest = $"{new string('a', 64)}@{string.Join('.', Enumerable.Repeat(new string('b', 61), 3))}.ee";

        longest.Length.ShouldBe(253);
        EmailAddress.Parse(longest).ShouldNotBeNull();
        EmailAddress.Parse($"{new string('a', 65)}@example.com").ShouldBeNull();
        EmailAddress.Parse(longest.Replace(".ee", ".eeee")).ShouldBeNull();
    }

    [Theory]
    [InlineData("+49 (151) 123-45.67", "+491511234567")]
    [InlineData("+15550100000", "+15550100000")]
    [InlineData("0151 1234567", null)]
    [InlineData("+0151", null)]
    [InlineData("+12345678901234567", null)]
    [InlineData("+49 151 x", null)]
    public void A_number_is_kept_in_E164_form(string text, string? kept) => PhoneNumber.Parse(text)?.Value.ShouldBe(kept);

    [Theory]
    [InlineData("PT36H", 36.0)]
    [InlineData("P1D", 24.0)]
    [InlineData("P2W", 336.0)]
    [InlineData("P1DT30M", 24.5)]
    [InlineData("PT0S", 0.0)]
    [InlineData("PT0.5S", 0.5 / 3600)]
    [InlineData("P365D", 8760.0)]
    public void A_wait_is_an_iso_duration(string text, double hours) => WaitStep.Of(text)!.Delay.TotalHours.ShouldBe(hours, 1e-9);

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("1D")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("-PT1H")]
    [InlineData("PT-1H")]
    [InlineData("P366D")]
    [InlineData("P365DT1S")]
    [InlineData("PT999999999999H")]
    [InlineData("PT1H\n")]
    public void An_invalid_duration_is_null(string text) => WaitStep.Of(text).ShouldBeNull();

    [Theory]
    [InlineData(0, true)]
    [InlineData(365, true)]
    [InlineData(-1, false)]
    [InlineData(365.001, false)]
    [InlineData(1_000_000_000, false)]
    public void A_wait_in_days_is_bounded(double days, bool good) => (WaitStep.OfDays((decimal)days) is not null).ShouldBe(good);

    [Fact]
    public void A_day_has_86_400_000_milliseconds() => WaitStep.OfDays(3)!.Delay.TotalMilliseconds.ShouldBe(3 * 86_400_000);

    [Theory]
    [InlineData(1, 0.0, 1.0)]
    [InlineData(5, 0.0, 16.0)]
    [InlineData(5, 1.0, 17.6)]
    public void Jitter_is_added_to_the_doubled_delay(int retry, double chance, double seconds) =>
        RetryPolicy.Default.Delay(retry, chance).TotalSeconds.ShouldBe(seconds, 1e-9);

    [Fact]
    public void The_delay_after_many_retries_does_not_overflow() =>
        (RetryPolicy.Default with { MaxRetries = 100 }).Delay(100, 1).ShouldBe(TimeSpan.FromDays(365));

    [Fact]
    public void Default_follow_ups_depend_on_the_position_among_the_mails()
    {
        Step[] steps = [new EmailStep(null, null), An.Days(1), new EmailStep("Mine", null), new EmailStep(null, null)];

        var first = MailDraft.Of(steps, new StepIndex(0), null, hasThread: false);
        var second = MailDraft.Of(steps, new StepIndex(2), null, hasThread: false);
        var third = MailDraft.Of(steps, new StepIndex(3), null, hasThread: false);

        second.Subject.ShouldBe("Mine");
        new[] { first.Body, second.Body, third.Body }.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Only_changed_steps_create_a_new_version()
    {
        var sequence = An.SequenceOf(An.Mail, An.Days(3));

        sequence.ChangeSteps([An.Mail, An.Days(3)], An.Noon);
        var same = sequence.CurrentVersion;
        sequence.ChangeSteps([An.Mail, An.Days(4)], An.Noon);

        same.ShouldBe(1);
        (sequence.CurrentVersion, sequence.Versions.Count).ShouldBe((2, 2));
    }
}
