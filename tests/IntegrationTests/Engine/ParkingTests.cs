using Ardalis.Result;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A step that becomes due while its sequence is disabled is parked.</summary>
public sealed class ParkingTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Parking_blocks_no_update_of_the_sequence_and_a_step_parked_after_enabling_continues()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        var instance = await node.Enroll(sequence);
        await Enable(node, sequence, false);
        var step = (await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None)).Steps.Single();
        Task<Result<WriteBack>> parking;
        await using (var job = await HeldJob.Of(Database, instance.Id))
        {
            parking = node.Send(new ExecuteStep(step));
            await job.Holds();
            await Enable(node, sequence, true).WaitAsync(TimeSpan.FromSeconds(20));
        }

        (await parking).Value.ShouldBe(WriteBack.Done);
        (await Database.Read<string>("SELECT park_reason FROM step_job")).ShouldBe("sequenceDisabled", "after the release has ended");

        await node.Start();
        await node.Becomes(instance.Id, "COMPLETED");
    }

    [Fact]
    public async Task The_sweep_ignores_steps_of_disabled_sequences_and_of_running_releases()
    {
        var node = await Idle();
        var (disabled, releasing) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Email()));
        await node.EnrollMany(disabled, 3);
        await node.EnrollMany(releasing, 200);
        await Enable(node, disabled, false);
        await Enable(node, releasing, false);
        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now()");
        await Enable(node, releasing, true);
        var stranded = node.Services.GetRequiredService<StrandedSequences>();

        var whileReleasing = await stranded.Find(CancellationToken.None);
        await Database.Execute("UPDATE operation SET state = 'completed', finished_at = now()");
        var afterwards = await stranded.Find(CancellationToken.None);

        whileReleasing.ShouldBeEmpty();
        afterwards.ShouldBe([new StrandedSequence(TestNode.Owner, releasing)]);
    }

    private static Task<SequenceView> Enable(TestNode node, SequenceId sequence, bool enabled) =>
        node.Do(new UpdateSequence(sequence, default, default, enabled, default, null));
}
