using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>The faults of providers, applied to all providers of all workers.</summary>
internal sealed class ProviderFaults(FaultNode[] workers, Random random)
{
    public (string Name, Func<Task> Do)[] Kinds =>
        [
            ("provider: answers late", () => Misbehave(new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(900)), null)),
            ("provider: accepts, never answers", () => Next(new HttpAnswer.AcceptThenNeverAnswer(), new SmtpAnswer.AcceptThenFallSilent())),
            ("provider: accepts, resets", () => Next(new HttpAnswer.AcceptThenReset(), new SmtpAnswer.AcceptThenDrop())),
            (
                "provider: accepts, breaks off its answer",
                () => Next(new HttpAnswer.AcceptThenBreakOffAnswer(), new SmtpAnswer.AcceptThenDrop())
            ),
            ("provider: 429", () => Misbehave(TooMany(), new SmtpAnswer.Reply(SmtpStage.MailFrom, "451 4.7.0 slow down"))),
            ("provider: 500", () => Misbehave(new HttpAnswer.Status(500), new SmtpAnswer.Reply(SmtpStage.RcptTo, "451 4.3.0 try later"))),
            ("provider: 503", () => Misbehave(new HttpAnswer.Status(503), new SmtpAnswer.Reply(SmtpStage.Connected, "421 4.3.2 closing"))),
            ("provider: closes before the body", () => Next(new HttpAnswer.CloseBeforeBody(), new SmtpAnswer.Drop(SmtpStage.Body))),
            ("provider: garbage", () => Next(new HttpAnswer.Garbage(), new SmtpAnswer.Reply(SmtpStage.EndOfData, "?? what"))),
            (
                "provider: refuses a message for good",
                () => Next(new HttpAnswer.Status(400), new SmtpAnswer.Reply(SmtpStage.EndOfData, "554 5.6.0 no"))
            ),
            ("provider: down", Down),
        ];

    private static HttpAnswer.Status TooMany() =>
        new(
            429,
            "",
            ("Retry-After", "1"),
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", $"{DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeSeconds()}")
        );

    /// <summary>Applies a fault to all calls for a while.</summary>
    private Task Misbehave(HttpAnswer http, SmtpAnswer? smtp)
    {
        foreach (var worker in workers)
        {
            worker.Twilio.Default = http;
            if (worker.Mail is FakeSendGrid sendGrid)
            {
                sendGrid.Default = http;
            }
            else if (smtp is not null)
            {
                ((FakeSmtp)worker.Mail).Default = smtp;
            }
        }

        return HealAfter(TimeSpan.FromSeconds(1 + random.NextDouble()));
    }

    /// <summary>Applies a fault to a few calls only: most of these put an attempt in doubt.</summary>
    private Task Next(HttpAnswer http, SmtpAnswer smtp)
    {
        foreach (var worker in workers)
        {
            worker.Twilio.Next(http);
            (worker.Mail as FakeSendGrid)?.Next(http);
            (worker.Mail as FakeSmtp)?.Next(smtp);
        }

        return Task.CompletedTask;
    }

    private async Task Down()
    {
        foreach (var worker in workers)
        {
            await worker.Mail.Down();
            await worker.Twilio.Down();
        }

        await HealAfter(TimeSpan.FromSeconds(1.5));
    }

    private async Task HealAfter(TimeSpan length)
    {
        await Task.Delay(length);
        foreach (var worker in workers)
        {
            await worker.HealProviders();
        }
    }
}
