using System.Text;

namespace FollowUp.Embedded;

/// <summary>The settings of the private server, as the text of a configuration file.</summary>
internal static class ServerSettings
{
    public static string Text(EmbeddedPostgresOptions options, int port)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = $"{port}",
            // A socket's path may be 107 characters long, which a deep checkout exceeds. TCP has no such limit.
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        var text = new StringBuilder("# Written by FollowUp at every start: changes made here are lost.\n");
        foreach (var (name, value) in settings)
        {
            text.Append(name).Append(" = '").Append(Escaped(value)).Append("'\n");
        }

        return text.ToString();
    }

    private static string Escaped(string value) =>
        value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
}
