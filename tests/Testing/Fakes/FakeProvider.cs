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

/// <summary>How far a request has come at a fake provider.</summary>
public enum ProviderMoment
{
    /// <summary>Its headers are there; its body was not read.</summary>
    Arrived,

    /// <summary>All of it was read; nothing was accepted.</summary>
    Read,

    /// <summary>The message was accepted; no answer was given.</summary>
    Accepted,
}

/// <summary>
/// A provider's HTTP API on a real port of this machine, which misbehaves on request. Behaviours are taken from a queue, one a request, and
/// when it is empty from <see cref="Default"/>. Thread-safe.
/// </summary>
public abstract class FakeProvider : IFakeProvider, IAsyncDisposable
{
    private readonly ConcurrentQueue<HttpAnswer> _queued = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile HttpAnswer _default = new HttpAnswer.Accept();
    private WebApplication? _server;
    private int _requests;
    private int _connections;

    /// <summary>Where it listens, or listened.</summary>
    public int Port { get; private set; }

    /// <summary>Its address, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>What it does when nothing is queued.</summary>
    public HttpAnswer Default
    {
        get => _default;
        set => _default = value;
    }

    /// <summary>Decides by a request's body what to do with it; null, or a null answer, leaves it to the queue and to <see cref="Default"/>.</summary>
    public Func<string, HttpAnswer?>? Decide { get; set; }

    /// <summary>Told how far each request has come; for those that want to end the client at that very moment.</summary>
    public Action<ProviderMoment>? Reached { get; set; }

    /// <inheritdoc/>
    public abstract IEnumerable<Taken> Taken { get; }

    /// <summary>How many requests arrived, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How many connections were opened.</summary>
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
                    // While it was down, its port served somebody for a moment as the near end of a connection.
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

    /// <summary>Whether the request is for the API's path, with the right credential; else what to answer.</summary>
    protected abstract HttpAnswer.Status? Refusal(HttpRequest request);

    /// <summary>Notes an accepted message.</summary>
    /// <returns>The answer that says so.</returns>
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
                // Kestrel closes the connection of an answer that is shorter than it said.
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

    /// <summary>Writes past Kestrel's HTTP, straight into the connection.</summary>
    private static async Task Babble(HttpContext context)
    {
        var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
        await transport.Output.WriteAsync("220 I speak another protocol\r\n\r\n"u8.ToArray());
        context.Abort();
    }
}
