using FollowUp.Application.Delivery;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>
/// Two rules exist in the claim's SQL and in C#: whether a step sends (the CASE that gives it an attempt, and <see cref="Instance.Begin"/>), and which
/// suppression applies (the lateral join, and <see cref="ISuppressions.ReasonFor"/>). Both are compared over generated states.
/// </summary>
public sealed class ClaimRuleTests(TestDatabase database) : EngineTest(database)
{
    private const int EachKind = 60;
    private static readonly TimeSpan MaxLateness = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_claims_SQL_and_the_domain_decide_alike(bool hasSms)
    {
        (string, string)[] sms =
        [
            ("Twilio:AccountSid", "AC0"),
            ("Twilio:AuthToken", "token"),
            ("Twilio:From", "+4912345678"),
            ("Twilio:BaseUrl", "http://127.0.0.1:9"),
        ];
        var node = await Idle([("Dispatcher:MaxLateness", "1h"), .. hasSms ? sms : []]);
        await Generate(node, new Random(hasSms ? 1 : 2));

        var steps = await ClaimAll(node);

        steps.Count.ShouldBe(EachKind * 6 * 2);
        await using var scope = node.Services.CreateAsyncScope();
        var suppressions = scope.ServiceProvider.GetRequiredService<ISuppressions>();
        var senders = scope.ServiceProvider.GetRequiredService<IStepSenders>();
        HashSet<string> seen = [];
        foreach (var step in steps)
        {
            var (instance, type) = (step.Instance, step.Instance.Job!.StepType);
            var state =
                $"{type} {instance.Status} enabled {step.SequenceEnabled} blocked {step.OwnerBlocked} suppressed {step.Suppressed} due {instance.Job!.DueAt:O} claimed {step.ClaimedAt:O}";
            step.Suppressed.ShouldBe(
                await suppressions.ReasonFor(instance.OwnerId, type.ChannelOf(), instance.Recipient, CancellationToken.None),
                state
            );
            var isConfigured = type == StepType.Wait || senders.For(type == StepType.Sms ? Channel.Sms : Channel.Email) is not null;
            var conditions = new StepConditions(step.SequenceEnabled, step.Suppressed, isConfigured, MaxLateness)
            {
                OwnerBlocked = step.OwnerBlocked,
            };

            var decision = instance.Begin(conditions, new([]), step.ClaimedAt);

            (step.AttemptId is not null).ShouldBe(decision == StepDecision.Send, $"{decision}: {state}");
            seen.Add($"{type} {decision}");
            seen.Add($"suppressed {type} {step.Suppressed is not null}");
        }

        // Fails if the generated states do not reach every branch.
        string[] wanted =
        [
            "Email Send",
            "Email NoSend",
            "Wait GoOn",
            "Wait NoSend",
            hasSms ? "Sms Send" : "Sms Skip",
            "Sms NoSend",
            "suppressed Email True",
            "suppressed Sms True",
            "suppressed Wait False",
        ];
        wanted.Except(seen).ShouldBeEmpty(string.Join(" | ", seen.Order()));
        seen.ShouldNotContain("suppressed Wait True");
    }

    /// <summary>Instances of two owners, one of them blocked, in sequences of every step type, enabled and disabled.</summary>
    private async Task Generate(TestNode node, Random random)
    {
        StepInput[] kinds = [Steps.Email(), Steps.Sms(), Steps.WaitDays(0)];
        foreach (
            var (kind, isEnabled, isBlocked) in from kind in kinds
            from isEnabled in new[] { true, false }
            from isBlocked in new[] { true, false }
            select (kind, isEnabled, isBlocked)
        )
        {
            var sequence = await node.Sequence(kind, Steps.WaitDays(5));
            await node.EnrollMany(sequence, EachKind);
            await Database.Execute("UPDATE sequence SET enabled = $2 WHERE id = $1", sequence.Value, isEnabled);
            if (isBlocked)
            {
                await GiveToAnotherUser(sequence);
            }
        }

        await Database.Execute(
            "INSERT INTO blocked_owner (owner_id, blocked_by) SELECT id, id FROM app_user WHERE id <> $1",
            TestNode.Owner.Value
        );
        foreach (var id in await Database.ReadAll<Guid>("SELECT id FROM instance ORDER BY id"))
        {
            await Vary(id, random);
        }
    }

    /// <summary>Sets a state that a claim may find, and suppresses addresses of this instance, another one, or another owner.</summary>
    private async Task Vary(Guid id, Random random)
    {
        var status = random.Next(6) switch
        {
            0 => "STOPPED",
            1 => "PAUSED",
            _ => "ACTIVE",
        };
        var number = $"+4915{random.Next(100_000_000, 999_999_999)}";
        await Database.Execute(
            "UPDATE instance SET status = $2, stop_reason = CASE $2 WHEN 'STOPPED' THEN 'manual' END, phone = $3 WHERE id = $1",
            id,
            status,
            random.Next(3) == 0 ? DBNull.Value : number
        );
        await Database.Execute(
            "UPDATE step_job SET due_at = now() - $2 WHERE instance_id = $1",
            id,
            random.Next(4) == 0 ? MaxLateness + TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(random.Next(1, 50))
        );
        await Database.Execute(
            """
            INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
            SELECT gen_random_uuid(), CASE WHEN $2 THEN i.owner_id ELSE other.id END, $3,
                   CASE WHEN $4 THEN coalesce(i.phone, $5) ELSE i.email_key END, $6, 'manual', now()
            FROM instance i CROSS JOIN LATERAL (SELECT id FROM app_user WHERE id <> i.owner_id ORDER BY id DESC LIMIT 1) other
            WHERE i.id = $1 AND $7
            ON CONFLICT DO NOTHING
            """,
            id,
            random.Next(4) > 0,
            random.Next(2) == 0 ? "EMAIL" : "SMS",
            random.Next(2) == 0,
            number,
            random.Next(2) == 0 ? "bounced" : "unsubscribed",
            random.Next(2) == 0
        );
    }

    private static async Task<List<ClaimedStep>> ClaimAll(TestNode node)
    {
        List<ClaimedStep> all = [];
        while (true)
        {
            var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(64, CancellationToken.None);
            if (claim.Steps.Count == 0)
            {
                return all;
            }

            all.AddRange(claim.Steps);
        }
    }
}
