using System.Text;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Application.Accounts;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.IntegrationTests.Support;

/// <summary>
/// A node of the engine in this process, without HTTP. Several of them share a database like processes on several machines. Without
/// <see cref="Start"/> it executes commands only, as a node with <c>Role=api</c>.
/// </summary>
public sealed class TestNode : IAsyncDisposable
{
    /// <summary>The owner of all rows.</summary>
    public static readonly OwnerId Owner = new(Guid.Parse("0195f000-0000-7000-8000-00000000000a"));

    private readonly IHost _host;

    private TestNode(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    /// <summary>Builds a node.</summary>
    public static Task<TestNode> Create(TestDatabase database, params (string Key, string Value)[] settings) =>
        Create(database, TimeProvider.System, settings);

    /// <summary>Builds a node with a separate clock.</summary>
    public static Task<TestNode> Create(TestDatabase database, TimeProvider clock, params (string Key, string Value)[] settings) =>
        Create(database, clock, _ => { }, settings);

    /// <summary>Builds a node in which a test replaces some services.</summary>
    public static async Task<TestNode> Create(
        TestDatabase database,
        TimeProvider clock,
        Action<IServiceCollection> watch,
        params (string Key, string Value)[] settings
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        Dictionary<string, string?> all = new()
        {
            ["ConnectionStrings:FollowUp"] = database.ConnectionString,
            ["Email:Provider"] = "drop",
            ["Email:DropPath"] = Path.Combine(Path.GetTempPath(), $"followup-drop-{Environment.ProcessId}"),
            ["Retry:Jitter"] = "0",
            ["Dispatcher:PollInterval"] = "50ms",
            ["Dispatcher:SweepInterval"] = "100ms",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(all);
        builder.Services.AddSingleton(clock);
        builder.Services.AddFollowUpInfrastructure(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton<ICaller>(new Caller(Owner));
        watch(builder.Services);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(TestLog.Provider);
        await database.Execute(
            "INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, 'urn:test', 'owner', now()) ON CONFLICT DO NOTHING",
            Owner.Value
        );
        return new TestNode(builder.Build());
    }

    /// <summary>Builds a node whose mail goes to a fake SendGrid.</summary>
    public static Task<TestNode> Create(TestDatabase database, FakeSendGrid sendGrid, params (string Key, string Value)[] settings) =>
        Create(database, sendGrid, TimeProvider.System, settings);

    /// <summary>Builds a node with a separate clock whose mail goes to a fake SendGrid.</summary>
    public static Task<TestNode> Create(
        TestDatabase database,
        FakeSendGrid sendGrid,
        TimeProvider clock,
        params (string Key, string Value)[] settings
    ) =>
        Create(
            database,
            clock,
            [
                ("Email:Provider", "sendgrid"),
                ("Email:From", "sales@followup.example"),
                ("SendGrid:ApiKey", sendGrid.ApiKey),
                ("SendGrid:BaseUrl", sendGrid.Url),
                .. settings,
            ]
        );

    /// <summary>Starts the worker.</summary>
    public async Task<TestNode> Start()
    {
        await _host.StartAsync();
        await Services.GetRequiredService<DatabaseReadiness>().Ready(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return this;
    }

    /// <summary>Stops the node as SIGTERM does.</summary>
    public Task Stop() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Sends a request through the pipeline in a new scope.</summary>
    public async Task<Result<T>> Send<T>(IUseCase<T> request)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Sender>().Send(request, CancellationToken.None);
    }

    /// <summary>Sends a request that must succeed.</summary>
    public async Task<T> Do<T>(IUseCase<T> request)
    {
        var result = await Send(request);
        result.IsSuccess.ShouldBeTrue(string.Join("; ", result.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
        return result.Value;
    }

    /// <summary>Creates a sequence.</summary>
    public async Task<SequenceId> Sequence(params StepInput[] steps) =>
        new((await Do(new CreateSequence("Follow-up", null, true, steps))).Id);

    /// <summary>Enrols the given number of recipients at once.</summary>
    public async Task EnrollMany(SequenceId sequence, int count)
    {
        var rows = string.Concat(Enumerable.Range(0, count).Select(i => $"{sequence.Value:N}.{i}@example.com\n"));
        using var body = new MemoryStream(Encoding.UTF8.GetBytes($"email\n{rows}"));
        (await Do(new EnrollMany(sequence, body, BulkFormat.Csv))).Enrolled.ShouldBe(count);
    }

    /// <summary>Enrols a recipient; with a new address if none is given.</summary>
    public Task<InstanceView> Enroll(SequenceId sequence, string? email = null, object? variables = null, string? phone = null) =>
        Do(
            new EnrollRecipient(
                sequence,
                new EnrolmentInput(
                    new RecipientInput(email ?? $"{Guid.NewGuid():N}@example.com", "Anna Schmidt", phone, "Europe/Berlin"),
                    variables is null ? null : JsonSerializer.SerializeToElement(variables),
                    "offer-7",
                    null
                )
            )
        );

    private sealed record Caller(OwnerId OwnerId) : ICaller
    {
        public bool ReadOnly => false;

        public string Credential => "token";

        public string? IdempotencyKey => null;
    }
}

/// <summary>Steps, as tests write them.</summary>
internal static class Steps
{
    public static StepInput Email(
        string subject = "Hello {{ recipient.firstName | default: 'there' }}",
        string body = "<p>Hi {{ recipient.firstName | default: 'there' }}</p>"
    ) =>
        new()
        {
            Type = "EMAIL",
            Subject = subject,
            Body = body,
        };

    public static StepInput Sms(string message = "Hi {{ recipient.firstName | default: 'there' }}") =>
        new() { Type = "SMS", Message = message };

    public static StepInput WaitDays(decimal days) => new() { Type = "WAIT", DelayDays = days };

    public static StepInput Wait(string delay) => new() { Type = "WAIT", Delay = delay };
}

/// <summary>Polls a condition that background work fulfils, and fails after a timeout.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task Holds(Func<Task<bool>> condition, string claim, TimeSpan? patience = null) =>
        Holds(condition, () => claim, patience);

    /// <summary>Waits for a condition whose claim tells what was seen last.</summary>
    public static async Task Holds(Func<Task<bool>> condition, Func<string> claim, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        using var over = new CancellationTokenSource(most);
        while (!await condition())
        {
            over.IsCancellationRequested.ShouldBeFalse($"still not so after {most.TotalSeconds} s: {claim()}\n{TestLog.Tail()}");
            await Task.Delay(15);
        }
    }

    public static async Task<InstanceView> Becomes(this TestNode node, Guid instance, string status)
    {
        InstanceView? seen = null;
        await Holds(
            async () => (seen = await node.Do(new GetInstance(new Domain.Instances.InstanceId(instance)))).Status == status,
            $"instance is {status}"
        );
        return seen!;
    }
}
