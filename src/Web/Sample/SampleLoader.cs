using System.Net.Http.Headers;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FollowUp.Web.Sample;

/// <summary>
/// In Development: prints where the API and the mails are, and loads the sample (<c>Sample:Load</c>) into an empty database through the public
/// API.
/// </summary>
internal sealed partial class SampleLoader(
    IServer server,
    IHostApplicationLifetime lifetime,
    DatabaseReadiness database,
    DevTokens tokens,
    IConfiguration settings,
    ILogger<SampleLoader> logger
) : BackgroundService
{
    private const string Subject = "demo";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        await database.Ready(stoppingToken);
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } address)
        {
            return;
        }

        var url = address
            .Replace("://[::]:", "://127.0.0.1:", StringComparison.Ordinal)
            .Replace("://0.0.0.0:", "://127.0.0.1:", StringComparison.Ordinal);
        var token = tokens.For(Subject).Token;
        string? sequence = null;
        if (database.WasEmpty && settings.GetValue("Sample:Load", false))
        {
            try
            {
                sequence = await Load(url, token, stoppingToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
            {
                LogNotLoaded(logger, failure);
            }
        }

        await Console.Out.WriteLineAsync(Banner(url, token, sequence));
    }

    private static async Task<string> Load(string url, string token, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "samples");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var definition = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(folder, "sequence.json"), cancellationToken),
            Encoding.UTF8,
            "application/json"
        );
        using var created = await http.PostAsync("/api/sequences", definition, cancellationToken);
        created.EnsureSuccessStatusCode();
        using var sequence = JsonDocument.Parse(await created.Content.ReadAsStringAsync(cancellationToken));
        var id = sequence.RootElement.GetProperty("id").GetString()!;

        await using var contacts = File.OpenRead(Path.Combine(folder, "contacts.csv"));
        using var people = new StreamContent(contacts) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var enrolled = await http.PostAsync($"/api/sequences/{id}/instances/bulk", people, cancellationToken);
        enrolled.EnsureSuccessStatusCode();
        return id;
    }

    private string WhereMailsGo() =>
        settings["Email:Provider"]?.Trim().ToLowerInvariant() switch
        {
            "sendgrid" => "Mails are sent by SendGrid",
            "smtp" => $"Mails are sent by the SMTP server {settings["Smtp:Host"]}",
            _ =>
                $"Mails are written to {Path.GetFullPath(settings["Email:DropPath"] ?? Path.Combine(settings["DataPath"] ?? ".followup", "mail"))}",
        };

    private string Banner(string url, string token, string? sequence)
    {
        var loaded = sequence is null
            ? ""
            : $"""

                  The sample sequence {sequence} is running; mails appear within seconds. Its instances and the event log:
                    curl -s -H "Authorization: Bearer $TOKEN" '{url}/api/instances?sequenceId={sequence}'
                    curl -s -H "Authorization: Bearer $TOKEN" -H 'Accept: text/csv' {url}/api/events

                """;
        return $$$"""

            FollowUp is running at {{{url}}} (API reference: {{{url}}}/docs, health: {{{url}}}/health/ready, metrics: {{{url}}}/metrics)
            {{{WhereMailsGo()}}}

              TOKEN={{{token}}}
            {{{loaded}}}
              Try it: create a sequence, enrol a recipient, read the timeline
                curl -s -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' {{{url}}}/api/sequences \
                  -d '{"name":"Mine","steps":[{"type":"EMAIL"},{"type":"WAIT","delay":"PT5S"},{"type":"EMAIL","subject":"Still there?","body":"<p>Hi {{ recipient.firstName | default: \"there\" }}</p>"} ] }'
                curl -s -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' {{{url}}}/api/sequences/SEQUENCE_ID/instances \
                  -d '{"recipient":{"email":"you@example.com","name":"Your Name"} }'
                curl -s -H "Authorization: Bearer $TOKEN" {{{url}}}/api/instances/INSTANCE_ID/events

            Ctrl-C stops the program and its database.

            """;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sample could not be loaded")]
    private static partial void LogNotLoaded(ILogger logger, Exception failure);
}

/// <summary>Registers the sample.</summary>
internal static class SampleServices
{
    public static void AddSampleInDevelopment(this IServiceCollection services, IConfiguration settings, IHostEnvironment environment)
    {
        // The sample belongs to a user with a development token.
        if (DevTokens.AreTaken(settings, environment))
        {
            services.AddHostedService<SampleLoader>();
        }
    }
}
