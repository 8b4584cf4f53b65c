using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Simulation;
using Channel = FollowUp.Domain.Recipients.Channel;

namespace FollowUp.IntegrationTests.Model;

/// <summary>The simulation's store, without a network and without faults.</summary>
internal sealed class ModelUnderTest : IStoreUnderTest
{
    private readonly Scheduler _scheduler;
    private readonly ModelStore _store;
    private readonly NodeStore[] _nodes;
    private readonly DirectCommands _commands;

    public ModelUnderTest(DispatchOptions options, IReadOnlyList<Step> steps, Mutation mutation = Mutation.None)
    {
        var random = new SeededRandom(1);
        _scheduler = new Scheduler(random, false);
        _store = new ModelStore(() => _scheduler.Now, random.Id, options) { Mutation = mutation };
        _store.Add(Sequence.Create(TestNode.Owner, "Follow-up", null, true, steps, _scheduler.Now).Value);
        _commands = new DirectCommands(_store);
        _nodes =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(n => new SimulatedProcess($"n{n}", _scheduler, default, default))
                .Select(m => new NodeStore(_store, new DirectWire(), m, options with { Node = m.Name })),
        ];
    }

    public IReadOnlyList<Step> Steps => _store.Sequences[0].Current.Steps;

    public Task Enroll()
    {
        var recipient = new Recipient(EmailAddress.Parse($"p{_store.Rows.Count}@example.com")!.Value, null, null, null);
        _store.Enroll(_store.Sequences[0], recipient).ShouldNotBeNull();
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<ClaimedStep>> Claim(int node, int most) => (await _nodes[node].Claim(most)).Steps;

    public Task<WriteBack> Complete(int node, StepCompletion completion) => _nodes[node].Complete(completion, default);

    public Task GiveBack(int node, ClaimedStep step) => _nodes[node].GiveBack(step, default);

    public Task<ClaimedStep?> Refresh(int node, ClaimedStep step) => _nodes[node].Refresh(step, default);

    public Task Renew(int node, ClaimedStep step) => _nodes[node].Renew([step]);

    public Task<bool> Failed(int node, ClaimedStep step) =>
        _nodes[node].Failed(Channel.Email, step, new ProviderFailure(null, "down"), default);

    public Task Accepted(int node, ClaimedStep step) => _nodes[node].Accepted(Channel.Email, step, default);

    public Task Refused(int node, ClaimedStep step) => _nodes[node].Refused(Channel.Email, step.Instance.Id, default);

    public async Task Sweep()
    {
        foreach (var id in _store.FindAbandoned(false))
        {
            (await _commands.Recover(id)).ShouldBeTrue();
        }
    }

    public Task Report(AttemptId attempt)
    {
        _store.ProviderEvents.Add(attempt.Value);
        return Task.CompletedTask;
    }

    public Task Pause(int number) => _commands.Pause(Id(number));

    public Task Resume(int number) => _commands.Resume(Id(number));

    public Task Stop(int number) => _commands.Stop(Id(number));

    public Task Suppress(int number)
    {
        var row = _store.Rows[number - 1];
        _store.Suppress(
            Suppression.Create(
                row.Instance.OwnerId,
                Channel.Email,
                row.Instance.Recipient.Email.Key,
                StopReason.Unsubscribed,
                SuppressionSource.Link,
                _scheduler.Now
            )
        );
        return Task.CompletedTask;
    }

    public Task Enable(bool enabled)
    {
        _store.Enable(_store.Sequences[0], enabled);
        return Task.CompletedTask;
    }

    public Task Travel(TimeSpan time)
    {
        _scheduler.In(time, null, "time passes", 0, () => { });
        _scheduler.Step();
        return Task.CompletedTask;
    }

    public int Number(InstanceId id) => _store.Find(id)!.Number;

    public Task<string> Look(int number)
    {
        var instance = _store.Rows[number - 1].Instance;
        return Task.FromResult(
            Seen.Words(
                instance.Status.ToString().ToUpperInvariant(),
                instance.CurrentStep.Value,
                instance.Attempts,
                instance.EventCount,
                instance.Job is { } job ? $"{Snake(job.State)} claim {job.Attempt} due {job.DueAt <= _scheduler.Now}" : null,
                string.Join(",", _store.AttemptsOf(number).Select(a => Snake(a).ToUpperInvariant()))
            )
        );
    }

    private static string Snake<T>(T word)
        where T : struct, Enum => Infrastructure.Persistence.DbEnumNames.Lower(word);

    private InstanceId Id(int number) => _store.Rows[number - 1].Instance.Id;
}
