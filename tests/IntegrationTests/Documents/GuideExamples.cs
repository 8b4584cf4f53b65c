using System.Text;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Documents;

/// <summary>Runs the examples of a document in order against a program: each command line that begins with <c>$ curl</c>.</summary>
internal sealed class GuideExamples(OwnProgram program, Client user)
{
    private readonly DocumentedAnswer _answers = new();

    /// <summary>Files that examples send.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Variables of the shell, beside <c>TOKEN</c> and <c>URL</c>.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public void Bind(string placeholder, string value) => _answers.Bind(placeholder, value);

    /// <summary>Runs the examples, and returns how many there are.</summary>
    public async Task<int> Run(string document)
    {
        Variables["TOKEN"] = user.Credential.Value["Bearer ".Length..];
        Variables["URL"] = "";
        var examples = Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, document))).ToList();
        foreach (var (words, shown) in examples)
        {
            var command = CurlCommand.Read([.. words.Select(Fill)], user.Credential.Value, Files);
            var difference = await Try(command, shown);
            if (command.Method == HttpMethod.Get)
            {
                // What the engine does after a request takes a moment, so reads are repeated.
                await Eventually.Holds(
                    async () => difference is null || (difference = await Try(command, shown)) is null,
                    () => $"{document}: {string.Join(' ', words)}\n{difference}"
                );
            }

            difference.ShouldBeNull($"{document}: {string.Join(' ', words)}");
        }

        return examples.Count;
    }

    private string Fill(string word)
    {
        foreach (var (name, value) in Variables)
        {
            word = word.Replace($"${name}", value, StringComparison.Ordinal);
        }

        return _answers.Fill(word.Replace("http://127.0.0.1:8080", "", StringComparison.Ordinal));
    }

    /// <summary>The difference between the answer and the shown one; null when there is none. Without a shown answer the status must say success.</summary>
    private async Task<string?> Try(CurlCommand command, string shown)
    {
        using var request = new HttpRequestMessage(command.Method, command.Url);
        if (command.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(command.Body));
        }

        foreach (var (name, value) in command.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await program.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var answer = command.ShowsHeaders ? $"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}\n{response.Headers}" : body;
        if (shown.Length == 0)
        {
            return response.IsSuccessStatusCode ? null : body;
        }

        var difference = response.IsSuccessStatusCode ? _answers.Difference(shown, answer) : body;
        if (difference is null && body.Contains("\"key\":\"fu_", StringComparison.Ordinal))
        {
            Variables["KEY"] = System.Text.Json.Nodes.JsonNode.Parse(body)!["key"]!.ToString();
        }

        return difference is null ? null : $"{command.Method} {command.Url}: {difference}\n{answer}";
    }

    /// <summary>The commands of a document with the answers that it shows.</summary>
    private static IEnumerable<(List<string> Words, string Shown)> Read(string text)
    {
        var lines = text.Split('\n');
        var isCode = false;
        for (var i = 0; i < lines.Length; i++)
        {
            isCode ^= lines[i].StartsWith("```", StringComparison.Ordinal);
            if (!isCode || !lines[i].StartsWith("$ curl", StringComparison.Ordinal))
            {
                continue;
            }

            var line = lines[i][2..];
            List<string>? words;
            while ((words = CurlCommand.Words(line)) is null)
            {
                line += '\n' + lines[++i];
            }

            List<string> shown = [];
            while (!lines[i + 1].StartsWith("```", StringComparison.Ordinal) && !lines[i + 1].StartsWith("$ ", StringComparison.Ordinal))
            {
                shown.Add(lines[++i]);
            }

            yield return (words, string.Join('\n', shown).Trim());
        }
    }
}
