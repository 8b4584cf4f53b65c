using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Support;

/// <summary>A test of the engine: an emptied database, a fake SendGrid, and any number of nodes.</summary>
public abstract class EngineTest(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly List<TestNode> _nodes = [];

    protected TestDatabase Database => database;

    protected FakeSendGrid SendGrid { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await database.Empty();
        SendGrid = await FakeSendGrid.Start();
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await SendGrid.DisposeAsync();
    }

    /// <summary>A node that executes commands but no steps.</summary>
    protected Task<TestNode> Idle(params (string Key, string Value)[] settings) => Idle(TimeProvider.System, settings);

    /// <summary>The same with a separate clock.</summary>
    protected async Task<TestNode> Idle(TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var node = await TestNode.Create(database, SendGrid, clock, settings);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A node that executes steps.</summary>
    protected async Task<TestNode> Worker(params (string Key, string Value)[] settings) => await (await Idle(settings)).Start();

    protected static async Task<IReadOnlyList<EventView>> Timeline(TestNode node, Guid instance) =>
        (await node.Do(new GetTimeline(new InstanceId(instance), 200, null))).Items;

    /// <summary>The timeline as words, such as <c>EMAIL sent</c> and <c>paused</c>.</summary>
    protected static async Task<string[]> Story(TestNode node, Guid instance) =>
        [.. (await Timeline(node, instance)).Select(e => e.Status is null ? e.Type : $"{e.Type} {e.Status}")];

    /// <summary>Makes only the next job of an instance due now.</summary>
    protected Task MakeDue(Guid instance) => database.Execute("UPDATE step_job SET due_at = now() WHERE instance_id = $1", instance);

    /// <summary>Waits until the provider was called the given number of times.</summary>
    protected Task Called(int times) =>
        Eventually.Holds(() => Task.FromResult(SendGrid.Requests >= times), $"SendGrid was called {times} times");

    /// <summary>Gives a sequence and all that belongs to it to another user.</summary>
    protected Task GiveToAnotherUser(SequenceId sequence) => Database.GiveToAnotherUser(sequence);
}
