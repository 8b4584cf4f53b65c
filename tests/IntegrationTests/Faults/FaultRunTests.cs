using FollowUp.Chaos;
using Xunit.Abstractions;

namespace FollowUp.IntegrationTests.Faults;

/// <summary>Runs alone, after all others: it uses both cores and kills processes.</summary>
[CollectionDefinition(nameof(FaultRuns), DisableParallelization = true)]
public sealed class FaultRuns;

/// <summary>A short fault run with a fixed seed. <c>./chaos</c> makes long ones.</summary>
[Collection(nameof(FaultRuns))]
public sealed class FaultRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_run_with_faults_loses_nothing_and_sends_nothing_twice()
    {
        var report = await ChaosRun.Run(7, TimeSpan.FromSeconds(25), output.WriteLine, CancellationToken.None);

        output.WriteLine(report.ToString());
        report.Breaches.Count.ShouldBe(0, report.ToString());
        report.Taken.ShouldBePositive();
        report.Faults.ShouldBePositive();
    }
}
