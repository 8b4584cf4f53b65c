using System.Diagnostics;

namespace FollowUp.Embedded;

/// <summary>A running server, from its <c>postmaster.pid</c>.</summary>
internal sealed record RunningServer(int Pid, int Port, string Cluster)
{
    public const string FileName = "postmaster.pid";

    /// <summary>The running server of a cluster, or null. A killed server leaves its file behind, and its process id may belong to another program by now.</summary>
    public static RunningServer? Of(string cluster)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(cluster, FileName));
        }
        catch (IOException)
        {
            return null;
        }

        // Line 1 has the process id, line 4 the port.
        return
            lines.Length > 3
            && int.TryParse(lines[0], out var pid)
            && int.TryParse(lines[3], out var port)
            && new RunningServer(pid, port, cluster) is { IsAlive: true } server
            ? server
            : null;
    }

    /// <summary>Waits until the process has exited, or until the time is over.</summary>
    public async Task Gone(TimeSpan limit)
    {
        for (var watch = Stopwatch.StartNew(); IsAlive && watch.Elapsed < limit; )
        {
            await Task.Delay(20);
        }
    }

    // pg_ctl starts the server with the full path of its cluster, which identifies its command line. A zombie has no command line.
    public bool IsAlive => CommandLine().Contains(Cluster, StringComparison.Ordinal);

    private string CommandLine()
    {
        try
        {
            if (Directory.Exists("/proc/self"))
            {
                return File.ReadAllText($"/proc/{Pid}/cmdline");
            }

            using var ps = Process.Start(
                new ProcessStartInfo("ps", ["-ww", "-o", "args=", "-p", $"{Pid}"]) { RedirectStandardOutput = true }
            )!;
            return ps.StandardOutput.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
