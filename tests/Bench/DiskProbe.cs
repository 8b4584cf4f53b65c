using System.Diagnostics;
using System.Security.Cryptography;

namespace FollowUp.Bench;

/// <summary>
/// The time that this disk needs to make 8 KiB durable under the current load: every commit waits for that, and a disk that is shared with other
/// machines stalls from time to time.
/// </summary>
internal sealed class DiskProbe : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<List<double>> _probing;

    public DiskProbe() => _probing = Task.Run(Probe);

    /// <summary>Stops the probe.</summary>
    /// <returns>Milliseconds, the shortest first.</returns>
    public async Task<IReadOnlyList<double>> Stop()
    {
        await _stop.CancelAsync();
        return await _probing;
    }

    public void Dispose() => _stop.Dispose();

    private async Task<List<double>> Probe()
    {
        List<double> took = [];
        var page = RandomNumberGenerator.GetBytes(8 * 1024);
        var file = Path.Combine(Path.GetTempPath(), $"followup-bench-{Environment.ProcessId}.disk");
        using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        do
        {
            var begun = Stopwatch.GetTimestamp();
            RandomAccess.Write(handle, page, 0);
            RandomAccess.FlushToDisk(handle);
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        } while (!_stop.IsCancellationRequested);

        return [.. took.Order()];
    }
}
