using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FollowUp.Testing.Fakes;

/// <summary>The progress of a request at a fake provider.</summary>
public enum ProviderMoment
{
    /// <summary>The headers were read, the body was not.</summary>
    Arrived,

    /// <summary>The whole request was read; nothing was accepted.</summary>
    Read,

    /// <summary>The message was accepted; no answer was sent.</summary>
    Accepted,
}

/// <summary>
/// A provider's HTTP API on a real local port, with configurable faults. Each request takes its behaviour from a queue, or
/// <see cref="Default"/> when the queue is empty. Thread-safe.
/// </summary>
public abstract class FakeProvider : IFakeProvider, IAsyncDisposable
{
    private readonly ConcurrentQueue<HttpAnswer> _queued = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile HttpAnswer _default = new HttpAnswer.Accept();
    private WebApplication? _server;
    private int _requests;
    private int _connections;

    /// <summary>The port on which it listens or last listened.</summary>
    public int Port { get; private set; }

    /// <summary>Its address, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The behaviour when nothing is queued.</summary>
    public HttpAnswer Default
    {
        get => _default;
        set => _default = value;
    }

    /// <summary>Chooses the behaviour by the request's body; null, or a null result, falls back to the queue and <see cref="Default"/>.</summary>
    public Func<string, HttpAnswer?>? Decide { get; set; }

    /// <summary>Called at each moment of a request, so that a test can end the client then.</summary>
    public Action<ProviderMoment>? Reached { get; set; }

    /// <inheritdoc/>
    public abstract IEnumerable<Taken> Taken { get; }

    /// <summary>Number of received requests, regardless of their outcome.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Number of opened connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Queues behaviours for the next requests.</summary>
    public void Next(params HttpAnswer[] answers)
    {
        foreach (var answer in answers)
        {
            _queued.Enqueue(answer);
        }
    }

    /// <inheritdoc/>
    public void Behave()
    {
        _queued.Clear();
        _default = new HttpAnswer.Accept();
    }

    /// <inheritdoc/>
    public async Task Up()
    {
        await _gate.WaitAsync();
        try
        {
            for (var tries = 1; _server is null; tries++)
            {
                try
                {
                    _server = await Open();
                }
                catch (IOException) when (tries < 100)
                {
                    // While the server was down, the system used its port for an outgoing connection.
                    await Task.Delay(50);
                }
            }

            Port = new Uri(_server.Urls.Single()).Port;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task Down()
    {
        await _gate.WaitAsync();
        try
        {
            if (_server is { } server)
            {
                _server = null;
                await server.StopAsync(new CancellationToken(canceled: true));
                await server.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Down();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks path and credential of a request. Returns the answer to a wrong one, or null.</summary>
    protected abstract HttpAnswer.Status? Refusal(HttpRequest request);

    /// <summary>Records an accepted message.</summary>
    /// <returns>The answer.</returns>
    protected abstract HttpAnswer.Status Take(string body);

    private async Task<WebApplication> Open()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        var server = builder.Build();
        server.Run(Handle);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private void Listen(KestrelServerOptions options) =>
        options.Listen(
            IPAddress.Loopback,
            Port,
            endpoint =>
                endpoint.Use(next =>
                    connection =>
                    {
                        Interlocked.Increment(ref _connections);
                        return next(connection);
                    }
                )
        );

    private async Task Handle(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        Reached?.Invoke(ProviderMoment.Arrived);
        var behaviour = _queued.TryDequeue(out var queued) ? queued : _default;
        if (behaviour is HttpAnswer.CloseBeforeBody)
        {
            context.Abort();
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        Reached?.Invoke(ProviderMoment.Read);
        behaviour = Decide?.Invoke(body) ?? behaviour;
        switch (behaviour)
        {
            case HttpAnswer.Garbage:
                await Babble(context);
                break;
            case HttpAnswer.Status status:
                await Write(context.Response, status);
                break;
            default:
                await (Refusal(context.Request) is { } refusal ? Write(context.Response, refusal) : Accept(context, behaviour, Note(body)));
                break;
        }
    }

    private HttpAnswer.Status Note(string body)
    {
        var answer = Take(body);
        Reached?.Invoke(ProviderMoment.Accepted);
        return answer;
    }

    private static async Task Accept(HttpContext context, HttpAnswer behaviour, HttpAnswer.Status answer)
    {
        switch (behaviour)
        {
            case HttpAnswer.Accept:
                await Write(context.Response, answer);
                break;
            case HttpAnswer.AcceptLate late:
                await Task.Delay(late.Delay, context.RequestAborted);
                await Write(context.Response, answer);
                break;
            case HttpAnswer.AcceptThenNeverAnswer:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case HttpAnswer.AcceptThenReset:
                context.Abort();
                break;
            case HttpAnswer.AcceptThenBreakOffAnswer:
                // Kestrel closes the connection of an answer that is shorter than its Content-Length.
                context.Response.ContentLength = 1_000;
                await Write(context.Response, answer with { Body = "{ \"sid\":" });
                break;
            default:
                throw new InvalidOperationException($"No such behaviour: {behaviour}");
        }
    }

    private static Task Write(HttpResponse response, HttpAnswer.Status answer)
    {
        response.StatusCode = answer.Code;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body.Length == 0)
        {
            return Task.CompletedTask;
        }

        response.ContentType = "application/json";
        return response.WriteAsync(answer.Body);
    }

    /// <summary>Writes to the connection directly, bypassing Kestrel's HTTP.</summary>
    private static async Task Babble(HttpContext context)
    {
        var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        await transport.Output.WriteAsync("220 I speak another protocol\r\n\r\n"u8.ToArray());
        context.Abort();
    }
}
