using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Model;

/// <summary>The text of an instance.</summary>
internal static class Seen
{
    public static string Words(string status, int step, int failed, int events, string? job, string attempts) =>
        $"{status} | step {step} | {failed} failed | {events} events | {job ?? "no job"} | {attempts}";
}

/// <summary>The results of the simulation are valid only if its store behaves like PostgreSQL.</summary>
public sealed class ConformanceTests(TestDatabase database) : EngineTest(database)
{
    private static readonly Step[] ScriptSteps =
    [
        new EmailStep("first", "<p>Hi</p>"),
        WaitStep.OfDays(0)!,
        new EmailStep("second", "<p>Hi</p>"),
    ];

    [Fact]
    public async Task The_model_store_conforms_to_PostgreSQL()
    {
        TestNode[] nodes = [await Idle(), await Idle()];
        var options = nodes[0].Services.GetRequiredService<DispatchOptions>();
        var sequence = await nodes[0].Sequence(Support.Steps.Email("first"), Support.Steps.WaitDays(0), Support.Steps.Email("second"));

        var real = await new StoreScript(new PostgresUnderTest(Database, nodes, sequence, ScriptSteps), options).Play();
        var model = await new StoreScript(new ModelUnderTest(options, ScriptSteps), options).Play();

        model.ShouldBe(real);
    }

    /// <summary>Validates the script: a store without a safeguard gives other answers, or fails.</summary>
    [Theory]
    [InlineData(nameof(Mutation.NoFence))]
    [InlineData(nameof(Mutation.NoRevisionCheck))]
    [InlineData(nameof(Mutation.NoAttemptBeforeSend))]
    [InlineData(nameof(Mutation.DoubtIsRetried))]
    [InlineData(nameof(Mutation.NoRereadInClaim))]
    [InlineData(nameof(Mutation.ParkedTooLate))]
    public async Task A_model_without_a_safeguard_does_not_conform(string missing)
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
