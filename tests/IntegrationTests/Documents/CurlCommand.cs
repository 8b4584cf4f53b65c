using System.Text;

namespace FollowUp.IntegrationTests.Documents;

/// <summary>The curl command of an example, with the few options that examples use.</summary>
internal sealed record CurlCommand(
    HttpMethod Method,
    string Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body,
    bool ShowsHeaders
)
{
    /// <summary>The words of a command line; null while a quotation or a continued line is still open.</summary>
    public static List<string>? Words(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (quote, inWord) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length && line[i + 1] is '"' or '\n')
            {
                i++;
                if (line[i] == '"')
                {
                    word.Append('"');
                }
            }
            else if (quote != '\0')
            {
                word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                (quote, inWord) = (c, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (quote != '\0' || line.EndsWith('\\'))
        {
            return null;
        }

        End();
        return words;

        void End()
        {
            if (inWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            inWord = false;
        }
    }

    /// <summary>Reads the words. An ellipsis means the headers that every example needs; <c>@name</c> reads one of the files.</summary>
    public static CurlCommand Read(List<string> words, string authorization, IReadOnlyDictionary<string, string> files)
    {
        words[0].ShouldBe("curl");
        var (method, url, body, showsHeaders) = ((string?)null, "", (string?)null, false);
        List<(string, string)> headers = [];
        for (var i = 1; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-s":
                    break;
                case "-si":
                    showsHeaders = true;
                    break;
                case "-X":
                    method = words[++i];
                    break;
                case "-H":
                    var header = words[++i].Split(": ", 2);
                    headers.Add((header[0], header[1]));
                    break;
                case "-d":
                    body = words[++i];
                    break;
                case "--data-binary":
                    body = files[words[++i].TrimStart('@')];
                    break;
                case "…":
                    headers.AddRange([("Authorization", authorization), ("Content-Type", "application/json")]);
                    break;
                case var word:
                    word.ShouldNotStartWith("-");
                    url.ShouldBeEmpty(word);
                    url = word;
                    break;
            }
        }

        return new(new HttpMethod(method ?? (body is null ? "GET" : "POST")), url, headers, body, showsHeaders);
    }
}
