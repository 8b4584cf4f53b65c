using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Model;

/// <summary>How an instance is put in words.</summary>
internal static class Seen
{
    public static string Words(string status, int step, int failed, int events, string? job, string attempts) =>
        $"{status} | step {step} | {failed} failed | {events} events | {job ?? "no job"} | {attempts}";
}

/// <summary>The simulation is worth as much as its store is like PostgreSQL.</summary>
public sealed class ConformanceTests(TestDatabase database) : EngineTest(database)
{
    private static readonly Step[] ScriptSteps =
    [
        new EmailStep("first", "<p>Hi</p>"),
        WaitStep.OfDays(0)!,
        new EmailStep("second", "<p>Hi</p>"),
    ];

    [Fact]
    public async Task The_model_of_the_store_answers_as_PostgreSQL_does()
    {
        TestNode[] nodes = [await Idle(), await Idle()];
        var options = nodes[0].Services.GetRequiredService<DispatchOptions>();
        var sequence = await nodes[0].Sequence(Support.Steps.Email("first"), Support.Steps.WaitDays(0), Support.Steps.Email("second"));

        var real = await new StoreScript(new PostgresUnderTest(Database, nodes, sequence, ScriptSteps), options).Play();
        var model = await new StoreScript(new ModelUnderTest(options, ScriptSteps), options).Play();

        model.ShouldBe(real);
    }

    /// <summary>The script asks the right questions: a store that lacks one of these answers otherwise, or breaks down.</summary>
    [Theory]
    [InlineData(nameof(Mutation.NoFence))]
    [InlineData(nameof(Mutation.NoRevisionCheck))]
    [InlineData(nameof(Mutation.NoAttemptBeforeSend))]
    [InlineData(nameof(Mutation.DoubtIsRetried))]
    [InlineData(nameof(Mutation.NoRereadInClaim))]
    [InlineData(nameof(Mutation.ParkedTooLate))]
    public async Task A_store_that_lacks_something_answers_otherwise(string missing)
    {
        var whole = await new StoreScript(new ModelUnderTest(new(), ScriptSteps), new()).Play();
        IReadOnlyList<string> lacking;
        try
        {
            lacking = await new StoreScript(new ModelUnderTest(new(), ScriptSteps, Enum.Parse<Mutation>(missing)), new()).Play();
        }
        catch (Exception brokeDown)
        {
            lacking = [brokeDown.Message];
        }

        lacking.ShouldNotBe(whole);
    }
}
