using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Preview;
using FollowUp.Application.Quotas;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The predictions of <c>why</c> for a due step match the actions of the worker.</summary>
public sealed class PredictionTests(TestDatabase database) : EngineTest(database)
{
    private enum Around
    {
        Nothing,
        Retried,
        Paused,
        InDoubt,
        Failed,
        OwnerBlocked,
        BreakerOpen,
        Backlog,
    }

    private sealed record Case(
        StepInput[] Steps,
        string? Phone,
        string? Suppressed,
        bool IsDisabled,
        bool IsClosed,
        SetLimits? Limits,
        int Counted,
        bool HasFollowUpAhead,
        bool IsLate,
        bool HasCeilings,
        Around Around
    );

    [Fact]
    public async Task Why_predicts_a_stop_for_a_recipient_who_unsubscribed_elsewhere()
    {
        var node = await Idle();
        var other = await node.Enroll(await node.Sequence(Steps.Email()), "anna@example.com");
        var instance = await node.Enroll(await node.Sequence(Steps.Email()), "anna@example.com");
        await Database.Execute("UPDATE step_job SET due_at = now() + interval '1 day'");
        await node.Do(new ActOnInstance(new(other.Id), InstanceAction.Stop(FollowUp.Domain.Recipients.StopReason.Unsubscribed)));

        var before = await Why(node, instance.Id);
        await MakeDue(instance.Id);
        await CarryOutDue(node);
        var after = await Why(node, instance.Id);

        (before.Status, before.Next!.Expected, before.Next.ExpectedBecause).ShouldBe(("ACTIVE", "stopped", "unsubscribed"));
        (before.WaitingFor.Reason, before.WaitingFor.Until).ShouldBe(("time", before.Next.DueAt));
        (after.Status, after.WaitingFor.Because).ShouldBe(("STOPPED", "unsubscribed"));
    }

    [Fact]
    public async Task A_first_mail_waits_behind_a_follow_up_for_the_last_slot_of_the_day()
    {
        var node = await Idle();
        await node.Do(new SetLimits("UTC", 1, null, null, null));
        var ahead = await FollowUpAhead(node);
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        var before = await Why(node, instance.Id);
        await CarryOutDue(node);

        before.WaitingFor.Reason.ShouldBe("cap");
        (await Why(node, instance.Id)).WaitingFor.ShouldBe(before.WaitingFor);
        (await Story(node, ahead)).Last().ShouldBe("completed");
    }

    [Fact]
    public async Task Why_predicts_what_the_worker_does()
    {
        await using var twilio = await FakeTwilio.Start();
        (string, string)[] sms =
        [
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+4912345678"),
            ("Twilio:BaseUrl", twilio.Url),
        ];
        TestNode[] free = [await Idle(), await Idle(sms)];
        var bounded = await Idle([.. sms, ("Ceilings:MailsPerDay", "2"), ("Ceilings:SmsPerDay", "1"), ("Ceilings:SmsCountryCodes", "+49")]);
        HashSet<string> kinds = [];
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var one = Draw(random);
            var node = one.HasCeilings ? bounded : free[random.Next(2)];
            var instance = await Prepare(node, one);

            var before = await Why(node, instance);
            await CarryOutDue(node);
            if (one.Around == Around.BreakerOpen && before.Next!.Type != "WAIT")
            {
                Predicted(await Why(node, instance)).ShouldBe(Predicted(before), $"seed {seed}: {one}");
                (await Database.Read<long>("SELECT sum(attempt) FROM step_job WHERE instance_id = $1", instance)).ShouldBe(0);
                await Database.Execute("UPDATE channel_breaker SET open_until = NULL");
                await CarryOutDue(node);
            }
            else if (before.WaitingFor.Reason == "pace")
            {
                // The first claim only detects the backlog.
                await CarryOutDue(node);
            }

            var after = await Why(node, instance);

            Observed(after).ShouldBe(Predicted(before), $"seed {seed}: {one}");
            // Whether the day or the hour of a window comes first depends on the time of the test.
            var because = before.WaitingFor.Reason == "window" ? "" : before.WaitingFor.Because;
            kinds.Add($"{before.WaitingFor.Reason} {because} {before.Next!.Expected} {before.Next.ExpectedBecause}");
            await Database.Empty();
            await Database.Execute(
                "INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, 'urn:test', 'owner', now()) ON CONFLICT DO NOTHING",
                TestNode.Owner.Value
            );
        }

        // Fails if the generated states do not cover the cases of this test.
        string[] wanted =
        [
            "turn  sent ",
            "turn  skipped noPhoneNumber",
            "turn  failed smsCountryForbidden",
            "turn  stopped bounced",
            "breaker EMAIL sent ",
            "pace EMAIL sent ",
            "cap ceiling sent ",
            "cap cap sent ",
            "cap gap sent ",
            "cap recipientCap sent ",
            "window  sent ",
            "person ownerBlocked  ",
            "person sequenceDisabled  ",
            "person inDoubt  ",
            "person paused  ",
            "person failed  ",
        ];
        wanted.Except(kinds).ShouldBeEmpty(string.Join(" | ", kinds.Order()));
    }

    private static Case Draw(Random random)
    {
        StepInput[] kinds = [Steps.Email(), Steps.Sms(), Steps.WaitDays(0)];
        return new(
            [kinds[random.Next(5) is var kind and < 3 ? kind : 0], Steps.WaitDays(5)],
            random.Next(3) switch
            {
                0 => "+4915112345678",
                1 => "+442071838750",
                _ => null,
            },
            random.Next(5) switch
            {
                0 => "EMAIL",
                1 => "SMS",
                _ => null,
            },
            random.Next(8) == 0,
            random.Next(4) == 0,
            random.Next(5) switch
            {
                0 => new SetLimits("UTC", 2, null, null, null),
                1 => new SetLimits("UTC", null, "PT1H", null, null),
                2 => new SetLimits("UTC", null, null, null, 1),
                _ => null,
            },
            random.Next(3),
            random.Next(3) == 0,
            random.Next(8) == 0,
            random.Next(3) == 0,
            (Around)random.Next(14) is var around && Enum.IsDefined(around) ? around : Around.Nothing
        );
    }

    private async Task<Guid> Prepare(TestNode node, Case one)
    {
        // A ceiling has no order: either of the two could get the last message.
        if (one is { HasFollowUpAhead: true, HasCeilings: false })
        {
            await FollowUpAhead(node);
        }

        var sequence = await node.Sequence(one.Steps);
        var instance = (await node.Enroll(sequence, "anna@example.com", phone: one.Phone)).Id;
        await Database.Execute(
            $"UPDATE step_job SET due_at = now() - interval '{(one.IsLate ? "4 days" : "1 second")}', wanted_at = NULL, waiting_for = '[]' WHERE instance_id = $1",
            instance
        );
        if (one.IsClosed)
        {
            // A window in three days, changed by SQL: as if the step had become due before the change.
            var day = DateTime.UtcNow.AddDays(3).DayOfWeek.ToString().ToLowerInvariant();
            await Database.Execute(
                $$"""UPDATE sequence SET schedule = '{"timeZone":"UTC","days":["{{day}}"],"from":"10:00","to":"11:00"}' WHERE id = $1""",
                sequence.Value
            );
        }

        if (one.IsDisabled)
        {
            await Database.Execute("UPDATE sequence SET enabled = false WHERE id = $1", sequence.Value);
        }

        if (one.Limits is { } limits)
        {
            await node.Do(limits);
            await Database.Execute(
                $"INSERT INTO send_count (owner_id, day, taken, last_at) VALUES ($1, (now() AT TIME ZONE 'UTC')::date, {one.Counted}, now() - interval '10 minutes')",
                TestNode.Owner.Value
            );
            await Database.Execute(
                $"INSERT INTO recipient_count (owner_id, address, day, taken) VALUES ($1, 'anna@example.com', (now() AT TIME ZONE 'UTC')::date, {one.Counted})",
                TestNode.Owner.Value
            );
        }

        if (one.Suppressed is { } channel)
        {
            await Database.Execute(
                "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) VALUES (gen_random_uuid(), $1, $2, $3, 'bounced', now())",
                TestNode.Owner.Value,
                channel,
                channel == "EMAIL" ? "anna@example.com" : "+4915112345678"
            );
        }

        if (one.HasCeilings)
        {
            await Database.Execute(
                $"INSERT INTO ceiling_count (owner_id, channel, day, taken) SELECT $1, c, (now() AT TIME ZONE 'UTC')::date, {one.Counted} FROM unnest('{{EMAIL,SMS}}'::text[]) c",
                TestNode.Owner.Value
            );
        }

        await Surround(node, instance, one.Around);

        return instance;
    }

    private Task Surround(TestNode node, Guid instance, Around around) =>
        around switch
        {
            Around.Retried => Database.Execute("UPDATE instance SET attempts = 2, last_error = 'HTTP 503' WHERE id = $1", instance),
            Around.Paused => node.Do(new ActOnInstance(new(instance), InstanceAction.Pause)),
            Around.InDoubt => Database.Execute(
                $"""
                UPDATE step_job SET state = 'in_doubt', due_at = now() + interval '1 hour' WHERE instance_id = '{instance}';
                UPDATE instance SET attention = 'inDoubt' WHERE id = '{instance}'
                """
            ),
            Around.Failed => Database.Execute(
                $"""
                DELETE FROM step_job WHERE instance_id = '{instance}';
                UPDATE instance SET status = 'FAILED', attention = 'failed' WHERE id = '{instance}'
                """
            ),
            Around.OwnerBlocked => Database.Execute(
                "INSERT INTO blocked_owner (owner_id, blocked_by) VALUES ($1, $1)",
                TestNode.Owner.Value
            ),
            Around.BreakerOpen => Database.Execute("UPDATE channel_breaker SET open_until = now() + interval '1 minute'"),
            Around.Backlog => Database.Execute(
                "UPDATE channel_breaker SET backlog_until = now(), paced_until = now() - interval '1 minute'"
            ),
            _ => Task.CompletedTask,
        };

    /// <summary>A recipient whose second mail is due.</summary>
    private async Task<Guid> FollowUpAhead(TestNode node)
    {
        var instance = (await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()))).Id;
        await Database.Execute("UPDATE instance SET current_step = 1 WHERE id = $1", instance);
        await Database.Execute(
            "UPDATE step_job SET step_index = 1, is_first = false, due_at = now() - interval '1 minute' WHERE instance_id = $1",
            instance
        );
        return instance;
    }

    /// <summary>Executes the due steps as the worker does: one claim, and each step of it.</summary>
    private static async Task CarryOutDue(TestNode node)
    {
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(10, CancellationToken.None);
        foreach (var step in claim.Steps)
        {
            await using var scope = node.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Sender>().Send(new ExecuteStep(step), CancellationToken.None);
        }
    }

    private static string Predicted(InstanceExplanation why) =>
        why switch
        {
            { Status: "PAUSED" } => $"paused {why.WaitingFor.Because}",
            { Next.Expected: "stopped" or "paused" } => $"{why.Next.Expected} {why.Next.ExpectedBecause}",
            { WaitingFor.Reason: "person" } => $"waits for {why.WaitingFor.Because}",
            { WaitingFor.Reason: "turn" or "breaker" or "pace" } => $"{why.Next!.Type} {why.Next.Expected} {why.Next.ExpectedBecause}",
            _ =>
                $"waits for {why.WaitingFor.Because} until {why.WaitingFor.Until:MM-dd HH:mm} because of {string.Join(',', why.Next!.Moved.Select(m => m.Reason))}",
        };

    private static string Observed(InstanceExplanation after) =>
        after switch
        {
            { Status: "STOPPED" } => $"stopped {after.WaitingFor.Because}",
            { Status: "PAUSED" } => $"paused {after.WaitingFor.Because}",
            { Steps: [var step] } => $"{step.Type} {step.Outcome} {step.Reason ?? step.Error}",
            { WaitingFor.Reason: "person" } => $"waits for {after.WaitingFor.Because}",
            _ =>
                $"waits for {after.WaitingFor.Because} until {after.WaitingFor.Until:MM-dd HH:mm} because of {string.Join(',', after.Next!.Moved.Select(m => m.Reason))}",
        };

    private static Task<InstanceExplanation> Why(TestNode node, Guid instance) => node.Do(new ExplainInstance(new(instance)));
}
