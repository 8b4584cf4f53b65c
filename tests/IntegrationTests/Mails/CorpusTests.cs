using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.Mails;

/// <summary>
/// Mails in the manner of the common frameworks and mail programs look the same before and after cleaning, on a wide and a narrow screen, in
/// light and in dark. A few by default; <c>./corpus</c> compares all of them.
/// </summary>
public sealed class CorpusTests(TestProgram program, MailBrowser browser) : ApiTest(program), IClassFixture<MailBrowser>
{
    private const double MostDifferent = 0.005;

    /// <summary>Tolerance of a colour channel: the antialiasing of text depends on its neighbours.</summary>
    private const int Tolerance = 16;

    private static readonly string[] HiddenLines =
    [
        "Your account is ready",
        "Beleg 4711 über 48,00",
        "دعوة إلى لقاء يوم الخميس",
        "Trois nouvelles de la saison",
        "For phones only",
    ];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Mails", "Corpus");

    /// <summary>The mails to compare.</summary>
    public static TheoryData<string> Files
    {
        get
        {
            var all = Directory.GetFiles(Folder, "*.html").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
            var some = Environment.GetEnvironmentVariable("FOLLOWUP_CORPUS") == "all" ? all : all.Where((_, i) => i % 9 == 0);
            return [.. some];
        }
    }

    [Fact]
    public void The_corpus_has_at_least_40_mails() => Directory.GetFiles(Folder, "*.html").Length.ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_mail_looks_the_same_before_and_after_cleaning(string file)
    {
        var before = await File.ReadAllTextAsync(Path.Combine(Folder, file));
        var after = await Cleaned(before);

        foreach (var width in (int[])[700, 375])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                var page = await browser.Page(
                    new()
                    {
                        ViewportSize = new() { Width = width, Height = 800 },
                        ColorScheme = scheme,
                        JavaScriptEnabled = false,
                    }
                );
                var (left, right) = (await Screenshot(page, before), await Screenshot(page, after));
                await page.Context.CloseAsync();

                // Equal files are equal pictures; the comparison costs more than both pictures.
                var different = left.AsSpan().SequenceEqual(right) ? 0 : await Difference(left, right);
                different.ShouldBeLessThanOrEqualTo(MostDifferent, $"{file} at {width} px, {scheme}");
            }
        }
    }

    /// <summary>Each has a hidden preview line, by one of seven idioms.</summary>
    [Fact]
    public async Task Cleaning_keeps_all_visible_content_of_the_corpus_and_the_text_part_omits_hidden_lines()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.html"))
        {
            var step = await Preview(await File.ReadAllTextAsync(file));

            step["removed"]!.AsArray().ShouldBeEmpty(file);
            var text = step["text"]!.ToString();
            text.ShouldNotBeEmpty();
            HiddenLines.ShouldAllBe(line => !text.Contains(line, StringComparison.Ordinal), $"{file}\n{text}");
            text.Split('\n').ShouldAllBe(line => line.Length == 0 || line.Trim().Length > 0, file);
        }
    }

    /// <summary>Its radio buttons and their labels stay.</summary>
    [Fact]
    public async Task A_gallery_works_after_cleaning_as_before()
    {
        var before = await File.ReadAllTextAsync(Path.Combine(Folder, "mjml-carousel.html"));
        var page = await browser.Page(
            new()
            {
                ViewportSize = new() { Width = 700, Height = 800 },
                JavaScriptEnabled = false,
            }
        );

        var first = await Screenshot(page, before);
        var (left, right) = (await Chosen(page, before), await Chosen(page, await Cleaned(before)));

        (await Difference(first, left)).ShouldBeGreaterThan(10 * MostDifferent);
        (await Difference(left, right)).ShouldBeLessThanOrEqualTo(MostDifferent);
    }

    /// <summary>Validates the comparison: it must detect a difference.</summary>
    [Fact]
    public async Task The_comparison_detects_a_missing_style_sheet()
    {
        var before = await File.ReadAllTextAsync(Path.Combine(Folder, "dark-news.html"));
        var after = before.Replace("<style title=\"themes\" type=\"text/css\">", "<style media=\"print\">", StringComparison.Ordinal);
        var page = await browser.Page(
            new()
            {
                ViewportSize = new() { Width = 700, Height = 800 },
                JavaScriptEnabled = false,
            }
        );

        (await Difference(await Screenshot(page, before), await Screenshot(page, after))).ShouldBeGreaterThan(10 * MostDifferent);
    }

    private async Task<string> Cleaned(string html) => (await Preview(html))["html"]!.ToString();

    private async Task<JsonNode> Preview(string html)
    {
        var step = $$"""{ "type": "EMAIL", "subject": "s", "body": {{JsonSerializer.Serialize(html)}} }""";
        var preview = await Alice.Post("/api/preview", $$"""{ "steps": [ {{step}} ], "recipient": { "email": "anna@example.com" } }""");
        return preview.ShouldBe(200).Json["steps"]![0]!;
    }

    private static async Task<byte[]> Screenshot(IPage page, string html)
    {
        await page.SetContentAsync(html);
        return await page.ScreenshotAsync(new() { FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    private static async Task<byte[]> Chosen(IPage page, string html)
    {
        await page.SetContentAsync(html);
        await page.Locator("label[for$=radio-2]").First.ClickAsync();
        return await page.ScreenshotAsync(new() { FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>The part of the pixels that differ, compared by the browser.</summary>
    private async Task<double> Difference(byte[] left, byte[] right)
    {
        var page = await browser.Page(new());
        var part = await page.EvaluateAsync<double>(
            """
            async ([left, right, tolerance]) => {
              const read = async data => {
                const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), c => c.charCodeAt(0))], { type: 'image/png' }));
                const canvas = new OffscreenCanvas(image.width, image.height);
                const context = canvas.getContext('2d');
                context.drawImage(image, 0, 0);
                return context.getImageData(0, 0, image.width, image.height);
              };
              const [a, b] = [await read(left), await read(right)];
              if (a.width !== b.width || a.height !== b.height) return 1;
              let different = 0;
              for (let i = 0; i < a.data.length; i += 4)
                if ([0, 1, 2].some(c => Math.abs(a.data[i + c] - b.data[i + c]) > tolerance)) different++;
              return different / (a.width * a.height);
            }
            """,
            new object[] { Convert.ToBase64String(left), Convert.ToBase64String(right), Tolerance }
        );
        await page.Context.CloseAsync();
        return part;
    }
}
