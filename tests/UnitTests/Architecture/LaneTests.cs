using System.Text.RegularExpressions;

namespace FollowUp.UnitTests.Architecture;

/// <summary>
/// Lanes run on a scheduler with one place per processor (ADR 118). A wait that blocks a thread keeps its place, and a few of them stop all lanes.
/// </summary>
public sealed partial class LaneTests
{
    [Theory]
    [InlineData("src/Application/Dispatch")]
    [InlineData("src/Infrastructure/Dispatch")]
    public void The_code_of_lanes_never_blocks_a_thread(string folder)
    {
        var files = SourceFiles.In(folder).ToList();

        files.ShouldNotBeEmpty();
        files.SelectMany(file => Blocking().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var steps = claim.Result;", true)]
    [InlineData("claim.Wait();", true)]
    [InlineData("claim.GetAwaiter().GetResult();", true)]
    [InlineData("Task.WaitAll(lanes);", true)]
    [InlineData("Thread.Sleep(10);", true)]
    [InlineData("if (!places.Wait(0))", false)]
    [InlineData("using Ardalis.Result;", false)]
    [InlineData("await claim.WaitAsync(stopping);", false)]
    public void A_blocking_wait_is_recognized(string line, bool blocks) => Blocking().IsMatch(line).ShouldBe(blocks);

    [GeneratedRegex(@"(?<!Ardalis)\.Result\b|\.Wait\((?!0[,)])|\.GetResult\(|\bTask\.Wait(All|Any)\(|\bThread\.Sleep\(")]
    private static partial Regex Blocking();
}
