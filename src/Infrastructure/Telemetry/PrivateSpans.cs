using System.Diagnostics;
using OpenTelemetry;

namespace FollowUp.Infrastructure.Telemetry;

/// <summary>
/// Keeps personal data and secrets out of traces. Paths contain the tokens of unsubscribe links, addresses and other ids, queries contain filters by
/// address, and webhook URLs contain credentials: a server span keeps the route instead of the path, a client span only the host.
/// </summary>
internal sealed class PrivateSpans : BaseProcessor<Activity>
{
    private const string Path = "url.path";

    private static readonly string[] Queries = ["url.query", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Path) is not null)
        {
            data.SetTag(Path, data.GetTagItem("http.route") as string ?? "(no route)");
        }

        if (data.GetTagItem("url.full") is string full)
        {
            data.SetTag("url.full", Uri.TryCreate(full, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null);
        }

        foreach (var query in Queries)
        {
            if (data.GetTagItem(query) is not null)
            {
                data.SetTag(query, null);
            }
        }
    }
}
