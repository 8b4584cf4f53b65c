using FollowUp.Application.Instances;
using FollowUp.Application.Operations;
using FollowUp.Infrastructure.Instances;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The scan of an operation over the instances of an owner.</summary>
public sealed class WalkTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = (2 * EfInstanceBatches.MostLooked) + 10;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_batch_reads_a_bounded_number_of_instances_even_if_few_match(bool ofSequence, bool needsAttention)
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email(), Steps.Email());
        await node.EnrollMany(sequence, Many);
        if (needsAttention)
        {
            await Database.Execute("UPDATE instance SET status = 'PAUSED', attention = 'late'");
        }

        await Database.Execute("UPDATE instance SET current_step = 2 WHERE id = (SELECT id FROM instance ORDER BY id DESC LIMIT 1)");
        var id = (
            await node.Do(
                new ActOnInstances(
                    new InstanceActionInput
                    {
                        Action = "stop",
                        Reason = "manual",
                        Filter = new()
                        {
                            Step = 2,
                            SequenceId = ofSequence ? sequence.Value : null,
                            Attention = needsAttention ? "true" : null,
                        },
                    }
                )
            )
        ).Id;

        List<int> done = [];
        for (var progress = OperationProgress.More; progress == OperationProgress.More; )
        {
            progress = await node.RunBatch(id);
            done.Add((await node.Operation(id)).Done);
        }

        done.ShouldBe([0, 0, 1]);
        (await node.Operation(id)).State.ShouldBe("completed");
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'STOPPED' AND current_step = 2")).ShouldBe(1);
    }
}
