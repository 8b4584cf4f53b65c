using FollowUp.Application.Operations;
using FollowUp.Domain.Operations;
using FollowUp.Infrastructure.Operations;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>Runs operations batch by batch, so that a test can check and act in between.</summary>
internal static class OperationSteps
{
    /// <summary>The newest operation.</summary>
    public static async Task<OperationView> LastOperation(this TestNode node) =>
        (await node.Do(new ListOperations(null, 1, null))).Items.ShouldHaveSingleItem();

    /// <summary>An operation as it is now.</summary>
    public static Task<OperationView> Operation(this TestNode node, Guid id) => node.Do(new GetOperation(new OperationId(id)));

    /// <summary>Runs the next batch of an operation.</summary>
    public static async Task<OperationProgress> RunBatch(this TestNode node, Guid id, int? most = null) =>
        (await node.Do(new RunOperationBatch(new OperationId(id), most))).Progress;

    /// <summary>Runs batches until no operation is left, and returns their number.</summary>
    public static async Task<int> RunOperations(this TestNode node)
    {
        var turns = node.Services.GetRequiredService<OperationScheduler>();
        var batches = 0;
        while (await turns.Next(evenEarly: true, CancellationToken.None) is { } next)
        {
            (++batches).ShouldBeLessThan(1_000);
            turns.Serve(next.Owner);
            next.IsOfMigration.ShouldBeFalse();
            await node.Do(new RunOperationBatch(new OperationId(next.Id)));
        }

        return batches;
    }

    /// <summary>Waits until a worker has completed an operation.</summary>
    public static async Task<OperationView> Completes(this TestNode node, Guid id)
    {
        OperationView? seen = null;
        await Eventually.Holds(async () => (seen = await node.Operation(id)).FinishedAt is not null, "the operation has ended");
        seen!.State.ShouldBe("completed", seen.LastError);
        return seen;
    }
}
