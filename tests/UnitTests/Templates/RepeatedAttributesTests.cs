using FollowUp.Application.Templates;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>
/// Formatting that is never closed, with long attributes. A parser copies each into every later paragraph; what writes or reads the page pays for all
/// copies. The pages are small enough that a test fails, and does not end the test run, where nothing stops them.
/// </summary>
public sealed class RepeatedAttributesTests
{
    private const string TooManyCharacters =
        "has more than 2,097,152 characters, because formatting that is never closed is repeated in each paragraph.";

    private const string LongValue =
        "{% assign a = 'https://example.com/ab' %}{% for i in (1..10) %}{% assign a = a | append: a %}{% endfor %}";

    /// <summary>Few tags, few attributes and little text: some 35 million characters once the page is written.</summary>
    [Theory]
    [InlineData("<font title=\"{{ a | raw }}\">")]
    [InlineData("<b class=\"{{ a | raw }}\">")]
    [InlineData("<a href=\"{{ a | raw }}\">")]
    public void Copies_of_a_long_attribute_are_bounded_in_characters(string open)
    {
        var template = $"{LongValue}<p>{open}x{{% for i in (1..1700) %}}<p>x{{% endfor %}}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        Models.Failure(template).ShouldEndWith(TooManyCharacters);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(30 * 1024 * 1024);
    }

    [Fact]
    public void A_long_attribute_name_is_bounded_too() =>
        Models.Failure($"<p><b data-{new string('m', 20_000)}=x>x{Many("<p>x", 200)}").ShouldEndWith(TooManyCharacters);

    [Fact]
    public void Saving_warns_of_attribute_copies_that_exceed_the_limit()
    {
        var body = $"<p><font title='{new string('t', 20_000)}'>x{Many("<p>x", 1_500)}<a href='{{{{ unsubscribeUrl }}}}'>Unsubscribe</a>";
        var before = GC.GetAllocatedBytesForCurrentThread();

        Models
            .Renderer.Warnings(body, TemplateKind.Body)
            .ShouldHaveSingleItem()
            .ShouldBe(new("repeatedFormatting", $"Steps with this body fail: it {TooManyCharacters}"));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(30 * 1024 * 1024);
    }

    [Fact]
    public void Parsing_stops_soon_after_the_attributes_exceed_the_limit()
    {
        var copies = new PageCopies();
        var page = new PageParser(default, copies);

        Should.Throw<RenderLimitException>(() => page.Parse($"<p><b title='{new string('t', 20_000)}'>x{Many("<p>x", 1_500)}"));

        page.Characters.ShouldBeInRange(PageParser.MostCharacters, PageParser.MostCharacters + (16 * 20_100));
        copies.Characters.ShouldBeGreaterThan(PageParser.MostCharacters - 60_000);
    }

    [Fact]
    public void Conditional_comments_share_the_limit()
    {
        var one = $"<p><b title='{new string('t', 10_000)}'>x{Many("<p>x", 80)}";

        Models.Render($"<!--[if mso]>{one}<![endif]-->Hi").Html.ShouldContain("[if mso]");
        Models
            .Failure(string.Concat(Enumerable.Range(0, 4).Select(i => $"<!--[if mso]>{one}{i}<![endif]-->")))
            .ShouldEndWith(TooManyCharacters);
    }

    [Fact]
    public void Copied_characters_are_charged_to_the_owners_share()
    {
        var meter = RenderMeter.Begin();

        Models
            .Renderer.RenderEmail(
                "s",
                $"<p><b title='{new string('t', 5_000)}'>x{Many("<p>x", 200)}",
                Models.Of() with
                {
                    Allowance = RenderAllowance.Counting(),
                }
            )
            .IsSuccess.ShouldBeTrue();

        // The page is parsed three times, and each has a million copied characters. Tags and time account for less than 100,000.
        meter.Work.ShouldBeGreaterThan(3_000_000 - (3 * 6_000));
    }

    [Fact]
    public void A_mail_without_copies_is_charged_by_length_and_tags()
    {
        var meter = RenderMeter.Begin();
        var html = $"<table title='{new string('t', 30_000)}'><tr><td>{new string('x', 30_000)}</table>";

        Models.Renderer.RenderEmail("s", html, Models.Of() with { Allowance = RenderAllowance.Counting() }).IsSuccess.ShouldBeTrue();

        // Some of it is time, which is more on a busy machine.
        meter.Work.ShouldBeLessThan(4L * html.Length);
    }

    [Theory]
    [InlineData("&")]
    [InlineData("\u00a0")]
    public void Character_references_count_once(string character) =>
        Models
            .Render($"{{% for i in (1..4500) %}}{string.Concat(Enumerable.Repeat(character + " ", 50))}{{% endfor %}}<p>x")
            .Html.Length.ShouldBeGreaterThan(400_000);

    [Fact]
    public void Unclosed_styles_of_usual_length_are_allowed_in_a_long_mail() =>
        Models
            .Render(
                $"<p><font face=Arial><span><b style='color:#333333;font-family:Arial,Helvetica,sans-serif;font-size:14px'>x{Many("<p>x", 900)}"
            )
            .Html.ShouldStartWith("<p><font face=Arial>");

    private static string Many(string piece, int times) => string.Concat(Enumerable.Repeat(piece, times));
}
