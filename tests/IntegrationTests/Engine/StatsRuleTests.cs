using System.Reflection;
using System.Text.Json;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Shared;
using FollowUp.Infrastructure.Instances;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A trigger counts events; the same rule in C# must count generated events alike.</summary>
public sealed class StatsRuleTests(TestDatabase database) : EngineTest(database)
{
    private const int Instances = 30;
    private const int EventsEach = 40;

    private static readonly EventType[] Types =
    [
        .. typeof(EventType)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => (EventType)property.GetValue(null)!),
    ];

    private static readonly EventStatus[] Statuses = [EventStatus.Sent, EventStatus.Skipped, EventStatus.Completed, EventStatus.Failed];

    [Fact]
    public async Task The_trigger_and_the_domain_rule_count_generated_events_alike()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, Instances);
        var random = new Random(1);
        foreach (var instance in await Database.ReadAll<Guid>("SELECT id FROM instance ORDER BY id"))
        {
            await Insert(instance, [.. Enumerable.Range(0, EventsEach).Select(_ => Generate(random))]);
        }

        var counted = await LogCount.Of(Database, sequence);
        var before = await StatsTests.Rollup(Database, sequence);
        await node.Services.GetRequiredService<StepStatRollup>().Fold(CancellationToken.None);

        before.ShouldBe(counted, ignoreOrder: true);
        (await StatsTests.Rollup(Database, sequence)).ShouldBe(counted, ignoreOrder: true);
        counted.Keys.Select(key => key.Split(' ')[3]).Distinct().Count().ShouldBe(20);
    }

    private static (int Version, int? Step, string Type, string? Status, string Content) Generate(Random random)
    {
        var type = random.GetItems(Types, 1)[0];
        var isStep = type == EventType.Email || type == EventType.Sms || type == EventType.Wait;
        Dictionary<string, string> content = [];
        if (random.Next(3) == 0)
        {
            content["variant"] = random.Next(2) == 0 ? "A" : "B";
        }

        if (isStep && random.Next(4) > 0)
        {
            content["elapsedMs"] = $"{(random.Next(10) == 0 ? -5 : random.Next(1_000_000))}";
        }

        if (type == EventType.Stopped)
        {
            content["reason"] = CamelNames.Of(random.GetItems(Enum.GetValues<StopReason>(), 1)[0]);
        }

        return (
            random.Next(1, 3),
            isStep || random.Next(2) == 0 ? random.Next(3) : null,
            type.Name,
            isStep ? random.GetItems(Statuses, 1)[0].Name : null,
            JsonSerializer.Serialize(content)
        );
    }

    /// <summary>In one statement, as a batch of write-backs: the trigger counts all its rows together.</summary>
    private Task<int> Insert(Guid instance, (int Version, int? Step, string Type, string? Status, string Content)[] events) =>
        Database.Execute(
            """
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), i.owner_id, i.id, i.sequence_id, t.version, 1 + t.place, t.step, t.type, t.status, t.content::json, now(), '', ''
            FROM instance i, unnest($2, $3, $4, $5, $6) WITH ORDINALITY AS t (version, step, type, status, content, place) WHERE i.id = $1
            """,
            instance,
            events.Select(e => e.Version).ToArray(),
            events.Select(e => e.Step).ToArray(),
            events.Select(e => e.Type).ToArray(),
            events.Select(e => e.Status).ToArray(),
            events.Select(e => e.Content).ToArray()
        );
}
