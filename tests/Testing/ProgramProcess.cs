using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FollowUp.Testing;

/// <summary>The program as operators run it: a separate process with environment variables as settings.</summary>
public sealed class ProgramProcess : IDisposable
{
    private const int FirstPort = 20_000;
    private const int Ports = 12_000;

    /// <summary>Starts at a random port, so that concurrent test runs seldom collide.</summary>
    private static int _lastPort = Random.Shared.Next(Ports);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ProgramProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        Http = new HttpClient { BaseAddress = new Uri(url) };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The output so far, of both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the program in Production with the given settings and a public URL for the links in mails.</summary>
    public static ProgramProcess Start(params (string Name, string Value)[] environment) =>
        Start(typeof(Program).Assembly.Location, environment);

    /// <summary>Starts a program in another folder, such as a published one.</summary>
    public static ProgramProcess Start(string program, (string Name, string Value)[] environment)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.CreateTempSubdirectory("followup-process-").FullName,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(k =>
                    k.Contains("__", StringComparison.Ordinal) || k.StartsWith("ASPNETCORE", StringComparison.Ordinal)
                )
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["PublicUrl"] = "https://mail.followup.example";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, url);
    }

    public Task IsLive() => Answers("/health/live");

    public Task IsReady() => Answers("/health/ready");

    /// <summary>Sends a signal, such as TERM.</summary>
    public Task Signal(string name) => ProcessSignal.Send(_process.Id, name);

    /// <summary>Kills the process and waits for its end.</summary>
    public void Kill()
    {
        _process.Kill();
        // With a timeout it does not wait for the end of the output, which needs threads that the caller may block.
        _process.WaitForExit(Patience);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> Exit()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        Directory.Delete(_process.StartInfo.WorkingDirectory, recursive: true);
        _process.Dispose();
        Http.Dispose();
    }

    /// <summary>
    /// A port for a process to listen on. Below the range of ephemeral ports, so that no outgoing connection takes it before the process listens.
    /// Each port is returned once per process, because tests run concurrently.
    /// </summary>
    public static int FreePort()
    {
        for (var tries = 0; tries < Ports; tries++)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref _lastPort) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another process has it: try the next one.
            }
        }

        throw new InvalidOperationException($"None of the ports from {FirstPort} on is free.");
    }

    private async Task Answers(string path)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(25))
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                if ((await Http.GetAsync(path)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{path} does not answer with success.\n{Output}");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
