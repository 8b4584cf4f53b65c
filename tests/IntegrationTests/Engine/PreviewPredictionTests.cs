using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Quotas;
using FollowUp.Application.Recipients;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The steps, outcomes, instants and reasons of a preview match the actions of the worker, on a clock that the test moves.</summary>
public sealed class PreviewPredictionTests(TestDatabase database) : EngineTest(database)
{
    private const int Cases = 150;
    private const int MostClaims = 200;
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Case(
        StepInput[] Steps,
        ScheduleInput? Schedule,
        SetLimits? Limits,
        string? Phone,
        string? TimeZone,
        string? Suppressed,
        int Counted,
        bool HasCeilings,
        bool HasSms
    )
    {
        public override string ToString() =>
            $"{string.Join(", ", Steps.Select(s => $"{s.Type} {s.Delay}{s.DelayBusinessDays}{s.At}"))}; {Schedule}; {Limits}; {Phone} {TimeZone}; suppressed {Suppressed}; counted {Counted}; ceilings {HasCeilings}";
    }

    [Fact]
    public async Task Previews_predict_what_the_worker_does()
    {
        await using var twilio = await FakeTwilio.Start();
        var clock = await new DatabaseClock(Database, Start).Install();
        (string, string)[] sms =
        [
            clock.Setting,
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+4912345678"),
            ("Twilio:BaseUrl", twilio.Url),
        ];
        var bounded = await Idle(
            clock.Time,
            [.. sms, ("Ceilings:MailsPerDay", "2"), ("Ceilings:SmsPerDay", "1"), ("Ceilings:SmsCountryCodes", "+49")]
        );
        TestNode[] free = [await Idle(clock.Time, clock.Setting), await Idle(clock.Time, sms)];
        HashSet<string> kinds = [];
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var one = Draw(random);
            var node = one.HasCeilings ? bounded : free[one.HasSms ? 1 : 0];
            // Always later: the node's caches of an owner's queue depend on the clock.
            await clock.MoveTo(clock.Now.AddDays(1).AddMinutes(random.Next(1, 3_000)));
            var sequence = await Prepare(node, one, clock.Now);
            var recipient = new RecipientInput("anna@example.com", "Anna Schmidt", one.Phone, one.TimeZone);

            var instance = (await node.Do(new EnrollRecipient(sequence, new EnrolmentInput(recipient, null, null, null)))).Id;
            await Suppress(one.Suppressed);
            var preview = await node.Do(new PreviewSequence(sequence, new PreviewInput(recipient, null, null, null, null)));
            var observed = await CarryOut(node, clock, instance, one.Steps);

            var predicted = preview.Steps.Select(Line).ToList();
            var end = predicted.FindIndex(line => line.Contains(" stopped ") || line.Contains(" failed "));
            string.Join('\n', observed).ShouldBe(string.Join('\n', end < 0 ? predicted : predicted.Take(end + 1)), $"seed {seed}: {one}");
            kinds.UnionWith(preview.Steps.Take(observed.Count).SelectMany(s => s.Moved.Select(m => m.Reason).Append(s.Outcome)));
            await Database.Empty();
            await Database.Execute(
                "INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, 'urn:test', 'owner', now()) ON CONFLICT DO NOTHING",
                TestNode.Owner.Value
            );
        }

        // Fails if the generated cases do not cover the reasons of this test.
        string[] wanted = ["sent", "skipped", "stopped", "failed", "completed", "window", "at", "cap", "gap", "recipientCap", "ceiling"];
        wanted.Except(kinds).ShouldBeEmpty(string.Join(" ", kinds.Order()));
    }

    private static string Line(PreviewStepView step) =>
        Line(step.Index, step.Type, step.Outcome, step.SkippedBecause, step.At, step.Moved.Select(m => m.Reason));

    private static string Line(int index, string type, string outcome, string? because, DateTimeOffset at, IEnumerable<string> moved) =>
        $"{index} {type} {outcome} {because} at {at:yyyy-MM-dd HH:mm:ss.fff} after {string.Join(' ', moved)}";

    private static Case Draw(Random random)
    {
        var isScheduled = random.Next(2) == 0;
        StepInput Step() =>
            random.Next(5) switch
            {
                0 or 1 => Steps.Email() with { At = isScheduled && random.Next(3) == 0 ? "10:30" : null },
                2 => Steps.Sms(),
                3 => Steps.Wait($"PT{random.Next(0, 60)}H"),
                _ => isScheduled ? new StepInput { Type = "WAIT", DelayBusinessDays = random.Next(3) } : Steps.WaitDays(1),
            };
        return new(
            [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Step())],
            isScheduled ? Schedule(random) : null,
            random.Next(6) switch
            {
                0 => new SetLimits("Europe/Berlin", 1, null, null, null),
                1 => new SetLimits("UTC", null, "PT7H", null, null),
                2 => new SetLimits("Asia/Tokyo", null, null, null, 1),
                3 => new SetLimits("UTC", 2, "PT20M", null, 2),
                _ => null,
            },
            random.Next(3) switch
            {
                0 => "+4915112345678",
                1 => "+442071838750",
                _ => null,
            },
            random.Next(2) == 0 ? "Europe/Berlin" : null,
            random.Next(6) switch
            {
                0 => "EMAIL",
                1 => "SMS",
                _ => null,
            },
            random.Next(3),
            random.Next(2) == 0,
            random.Next(3) > 0
        );
    }

    private static ScheduleInput Schedule(Random random)
    {
        var schedule = new ScheduleInput
        {
            TimeZone = "America/New_York",
            Days = random.Next(2) == 0 ? ["monday", "tuesday", "wednesday", "thursday", "friday"] : null,
            From = "09:00",
            To = "17:00",
        };
        return random.Next(2) == 0 ? schedule with { TimeZone = "recipient", FallbackTimeZone = "Asia/Tokyo" } : schedule;
    }

    private async Task<SequenceId> Prepare(TestNode node, Case one, DateTimeOffset now)
    {
        var sequence = (await node.Do(new CreateSequence("Follow-up", null, true, one.Steps, one.Schedule))).Id;
        if (one.Limits is { } limits)
        {
            var day = (await node.Do(limits)).Today!.Date;
            await Database.Execute(
                "INSERT INTO send_count (owner_id, day, taken, last_at) VALUES ($1, $2, $3, $4)",
                TestNode.Owner.Value,
                day,
                one.Counted,
                now.AddMinutes(-10)
            );
            await Database.Execute(
                "INSERT INTO recipient_count (owner_id, address, day, taken) VALUES ($1, 'anna@example.com', $2, $3)",
                TestNode.Owner.Value,
                day,
                one.Counted
            );
        }

        if (one.HasCeilings)
        {
            await Database.Execute(
                "INSERT INTO ceiling_count (owner_id, channel, day, taken) SELECT $1, c, $2, $3 FROM unnest('{EMAIL,SMS}'::text[]) c",
                TestNode.Owner.Value,
                DateOnly.FromDateTime(now.UtcDateTime),
                one.Counted
            );
        }

        return new SequenceId(sequence);
    }

    /// <summary>Runs after the enrolment, which a suppression would reject.</summary>
    private async Task Suppress(string? channel)
    {
        if (channel is not null)
        {
            await Database.Execute(
                "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) VALUES (gen_random_uuid(), $1, $2, $3, 'bounced', now())",
                TestNode.Owner.Value,
                channel,
                channel == "EMAIL" ? "anna@example.com" : "+4915112345678"
            );
        }
    }

    /// <summary>Moves the clock from one due job to the next and executes each; returns the outcomes in the form of a preview.</summary>
    private static async Task<List<string>> CarryOut(TestNode node, DatabaseClock clock, Guid id, StepInput[] steps)
    {
        List<string> lines = [];
        List<string> moved = [];
        var seen = 0;
        for (var claims = 0; ; claims++)
        {
            claims.ShouldBeLessThan(MostClaims);
            var instance = await node.Do(new GetInstance(new(id)));
            if (instance.NextDueAt is not { } due)
            {
                return lines;
            }

            moved.AddRange(instance.WaitingFor.Select(w => w.Reason));
            await clock.MoveTo(due > clock.Now ? due : clock.Now);
            var step = (await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None)).Steps.Single();
            (await node.Do(new ExecuteStep(step))).ShouldBe(WriteBack.Done);

            var events = await Timeline(node, id);
            foreach (var observed in events.Skip(seen).Where(e => e.Status is not null || e.Type == "stopped"))
            {
                lines.Add(
                    Line(
                        instance.CurrentStep,
                        steps[instance.CurrentStep].Type!,
                        observed.Status ?? observed.Type,
                        (string?)observed.Content["reason"],
                        observed.SentAt,
                        moved
                    )
                );
                moved.Clear();
            }

            seen = events.Count;
        }
    }
}
