using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Channel = FollowUp.Domain.Recipients.Channel;

namespace FollowUp.IntegrationTests.Model;

/// <summary>PostgreSQL, through the product's own statements.</summary>
internal sealed class PostgresUnderTest(TestDatabase database, TestNode[] nodes, SequenceId sequence, IReadOnlyList<Step> steps)
    : IStoreUnderTest
{
    private readonly List<Guid> _enrolled = [];

    public IReadOnlyList<Step> Steps => steps;

    public async Task Enroll() => _enrolled.Add((await nodes[0].Enroll(sequence)).Id);

    public async Task<IReadOnlyList<ClaimedStep>> Claim(int node, int most) => (await Outbox(node).Claim(most, default)).Steps;

    public Task<WriteBack> Complete(int node, StepCompletion completion) => Outbox(node).Complete(completion, default);

    public Task GiveBack(int node, ClaimedStep step) => Outbox(node).GiveBack([step], default);

    public Task<ClaimedStep?> Refresh(int node, ClaimedStep step) => Outbox(node).Refresh(step, default);

    public Task Renew(int node, ClaimedStep step) => Outbox(node).Renew([step], default);

    public Task<bool> Failed(int node, ClaimedStep step) =>
        Breakers(node).Failed(Channel.Email, step, new ProviderFailure(null, "down"), default);

    public Task Accepted(int node, ClaimedStep step) => Breakers(node).Accepted(Channel.Email, step, default);

    public Task Refused(int node, ClaimedStep step) => Breakers(node).Refused(Channel.Email, step.Instance.Id, default);

    public async Task Sweep()
    {
        await using var scope = nodes[0].Services.CreateAsyncScope();
        foreach (var id in await scope.ServiceProvider.GetRequiredService<IAbandonedSteps>().Find(false, 100, default))
        {
            await nodes[0].Send(new RecoverStep(id));
        }
    }

    public Task Report(AttemptId attempt) =>
        database.Execute(
            """
            INSERT INTO provider_event
            SELECT gen_random_uuid(), owner_id, 'sendgrid', id::text, id, 'processed', '{}', now() FROM attempt WHERE id = $1
            """,
            attempt.Value
        );

    public Task Pause(int number) => nodes[0].Do(new ActOnInstance(Id(number), InstanceAction.Pause));

    public Task Resume(int number) => nodes[0].Do(new ActOnInstance(Id(number), InstanceAction.Resume()));

    public Task Stop(int number) => nodes[0].Do(new ActOnInstance(Id(number), InstanceAction.Stop(StopReason.Manual)));

    public Task Suppress(int number) =>
        database.Execute(
            """
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), owner_id, 'EMAIL', email_key, 'unsubscribed', now() FROM instance WHERE id = $1
            """,
            Id(number).Value
        );

    public Task Enable(bool enabled) => nodes[0].Do(new UpdateSequence(sequence, default, default, enabled, default, null));

    public async Task Travel(TimeSpan time)
    {
        await database.Travel(time);
        await database.Execute("UPDATE channel_breaker SET open_until = open_until - $1", time);
    }

    public int Number(InstanceId id) => _enrolled.IndexOf(id.Value) + 1;

    public Task<string> Look(int number) =>
        database.Read<string>(
            """
            SELECT concat_ws(' | ', i.status, 'step ' || i.current_step, i.attempts || ' failed', i.event_count || ' events',
                             coalesce((SELECT j.state || ' claim ' || j.attempt || ' due ' || CASE WHEN j.due_at <= now() THEN 'True' ELSE 'False' END
                                       FROM step_job j WHERE j.instance_id = i.id), 'no job'),
                             coalesce((SELECT string_agg(a.status, ',' ORDER BY a.started_at, a.number) FROM attempt a WHERE a.instance_id = i.id), ''))
            FROM instance i WHERE i.id = $1
            """,
            Id(number).Value
        );

    private InstanceId Id(int number) => new(_enrolled[number - 1]);

    private StepOutbox Outbox(int node) => nodes[node].Services.GetRequiredService<StepOutbox>();

    private IBreakers Breakers(int node) => nodes[node].Services.GetRequiredService<IBreakers>();
}
