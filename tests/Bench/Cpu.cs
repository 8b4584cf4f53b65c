using System.Globalization;

namespace FollowUp.Bench;

/// <summary>Processor time and memory of processes, from <c>/proc</c>.</summary>
internal static class Cpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux.

    /// <summary>Processor time of one process, user and system.</summary>
    public static TimeSpan Of(int process) => Sum(Fields(process), 11, 12);

    /// <summary>Processor time of a process and its children, those that have ended included.</summary>
    public static TimeSpan OfFamily(int process) =>
        Sum(Fields(process), 11, 12, 13, 14)
        + Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Fields)
            .Where(fields => fields.Length > 14 && fields[1] == process.ToString(CultureInfo.InvariantCulture))
            .Aggregate(TimeSpan.Zero, (sum, fields) => sum + Sum(fields, 11, 12));

    /// <summary>Resident memory of a process: current and peak.</summary>
    public static (double NowMb, double PeakMb) Memory(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        double Of(string name) =>
            double.Parse(
                lines.Single(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
                CultureInfo.InvariantCulture
            ) / 1024;
        return (Of("VmRSS:"), Of("VmHWM:"));
    }

    /// <summary>The fields after the program's name, which may contain blanks: 0 is the state, 1 the parent, 11 and 12 user and system time.</summary>
    private static string[] Fields(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static TimeSpan Sum(string[] fields, params int[] which) =>
        TimeSpan.FromSeconds(
            which.Where(i => i < fields.Length).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond
        );
}
