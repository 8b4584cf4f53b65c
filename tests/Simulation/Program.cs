using System.Diagnostics;
using System.Globalization;

namespace FollowUp.Simulation;

/// <summary>
/// Runs seeds from the command line: <c>--seeds N [--from N] [--mutation Name]</c> runs many and names the first that fails,
/// <c>--replay SEED</c> prints the trace of one, <c>--hashes N</c> prints the hash of each run.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var mutation = Option("--mutation") is { } name ? Enum.Parse<Mutation>(name) : Mutation.None;
        if (Option("--replay") is { } one)
        {
            return Report(SimulationRun.Run(Number(one), mutation, keepTrace: true));
        }

        var hashes = Option("--hashes");
        var (from, count) = (Number(Option("--from") ?? "0"), Number(hashes ?? Option("--seeds") ?? "2000"));
        var clock = Stopwatch.StartNew();
        long steps = 0;
        for (var seed = from; seed < from + count; seed++)
        {
            var outcome = SimulationRun.Run(seed, mutation);
            steps += outcome.Steps;
            if (hashes is not null)
            {
                Console.WriteLine(outcome.Hash);
            }
            else if (outcome.Breach is not null)
            {
                return Report(outcome);
            }
        }

        if (hashes is null)
        {
            Console.WriteLine(
                $"{count} seeds, {steps} steps, no breach, {clock.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
            );
        }

        return 0;

        string? Option(string option) => Array.IndexOf(args, option) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
    }

    private static int Report(Outcome outcome)
    {
        foreach (var line in outcome.Trace)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(
            $"seed {outcome.Seed}: {outcome.Breach ?? "no breach"} (trace {outcome.Hash:x16}, {outcome.Steps} steps, {outcome.Accepted} accepted)"
        );
        return outcome.Breach is null ? 0 : 1;
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
