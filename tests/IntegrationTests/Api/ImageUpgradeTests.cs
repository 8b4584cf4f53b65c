using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;
using MimeKit;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Images by http are loaded by https when the sequence asks for it: in previews, in test mails and in what the worker sends.</summary>
public sealed class ImageUpgradeTests(ImageUpgradeTests.DroppingProgram program)
    : ApiTest(program),
        IClassFixture<ImageUpgradeTests.DroppingProgram>
{
    private const string Body =
        "<a href=\"http://x.example/page\"><img src=\"http://x.example/a.png\"></a><img src=\"{{ variables.image }}\">"
        + "<p style=\"background:url('http://x.example/p.png')\">Hi</p><a href=\"{{ unsubscribeUrl }}\">No more mails</a>";

    private const string Variables = """{ "image": "http://y.example/b.png?x=1&y=2" }""";

    [Fact]
    public async Task Image_addresses_are_upgraded_to_https_if_the_sequence_enables_it()
    {
        var sequence = await Alice.Sequence(Sequence(", \"upgradeInsecureImages\": true"));

        await Enroll(sequence, "upgraded@example.com");

        ShouldBeUpgraded(await Mail("upgraded@example.com"));
    }

    [Fact]
    public async Task Image_addresses_are_unchanged_if_the_sequence_does_not_enable_it()
    {
        var sequence = await Alice.Sequence(Sequence(""));

        await Enroll(sequence, "plain@example.com");

        ShouldBePlain(await Mail("plain@example.com"));
    }

    [Fact]
    public async Task A_change_applies_to_the_next_mail_without_a_new_version()
    {
        var sequence = await Alice.Sequence(Sequence(""));
        await Enroll(sequence, "before@example.com");
        ShouldBePlain(await Mail("before@example.com"));

        var changed = (await Alice.Put(sequence, """{"upgradeInsecureImages":true}""")).ShouldBe(200).Json;
        await Enroll(sequence, "after@example.com");

        (changed["version"]!.GetValue<int>(), changed["upgradeInsecureImages"]!.GetValue<bool>()).ShouldBe((1, true));
        ShouldBeUpgraded(await Mail("after@example.com"));
        (await Alice.Put(sequence, """{"name":"Other"}""")).ShouldBe(200).Json["upgradeInsecureImages"]!.GetValue<bool>().ShouldBeTrue();
        (await Alice.Put(sequence, """{"upgradeInsecureImages":false}""")).ShouldBe(200);
        await Enroll(sequence, "again@example.com");
        ShouldBePlain(await Mail("again@example.com"));
    }

    [Fact]
    public async Task A_test_mail_and_a_preview_show_what_the_sequence_sends()
    {
        var sequence = await Alice.Sequence(Sequence(", \"upgradeInsecureImages\": true"));
        var test = $$"""{ "to": "test@example.com", "step": 0, "variables": {{Variables}} }""";
        var person = $$"""{ "recipient": { "email": "anna@example.com" }, "variables": {{Variables}} }""";

        (await Alice.Post($"{sequence}/test-send", test)).ShouldBe(200);
        var preview = (await Alice.Post($"{sequence}/preview", person)).ShouldBe(200).Json;

        ShouldBeUpgraded(await Mail("test@example.com"));
        ShouldBeUpgraded(preview["steps"]![0]!["html"]!.ToString());
        preview["warnings"]!.AsArray().ShouldBeEmpty();
        preview["steps"]![0]!["removed"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(", \"upgradeInsecureImages\": false", false)]
    [InlineData(", \"upgradeInsecureImages\": true", true)]
    public async Task A_preview_of_unsaved_steps_accepts_the_flag(string flag, bool upgraded)
    {
        var preview = await Alice.Post(
            "/api/preview",
            $$"""{ "recipient": { "email": "anna@example.com" }, "variables": {{Variables}}, "steps": {{Steps}}{{flag}} }"""
        );

        var html = preview.ShouldBe(200).Json["steps"]![0]!["html"]!.ToString();
        Action<string> check = upgraded ? ShouldBeUpgraded : ShouldBePlain;
        check(html);
        Codes(preview.Json).ShouldBe(upgraded ? [] : ["contentRemoved", "httpImages"]);
    }

    [Fact]
    public async Task The_flag_is_returned_and_suppresses_the_http_image_warnings()
    {
        var plain = (await Alice.Post("/api/sequences", Sequence(""))).ShouldBe(201);
        var upgraded = (await Alice.Post("/api/sequences", Sequence(", \"upgradeInsecureImages\": true"))).ShouldBe(201);

        Codes(plain.Json).ShouldBe(["contentRemoved", "httpImages"]);
        Codes(upgraded.Json).ShouldBeEmpty();
        (await Alice.Get($"/api/sequences/{plain.Id}")).Json["upgradeInsecureImages"]!.GetValue<bool>().ShouldBeFalse();
        (await Alice.Get($"/api/sequences/{upgraded.Id}")).Json["upgradeInsecureImages"]!.GetValue<bool>().ShouldBeTrue();
        (await Alice.Get("/api/sequences")).Json["items"]!
            .AsArray()
            .Select(item => item!["upgradeInsecureImages"]!.GetValue<bool>())
            .ShouldBe([true, false]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    public async Task The_flag_must_be_a_boolean(string value)
    {
        var sequence = await Alice.Sequence(Sequence(""));

        var refused = (await Alice.Put(sequence, $$"""{"upgradeInsecureImages":{{value}}}""")).ShouldBe(400);

        refused.Fields.ShouldBe(["upgradeInsecureImages"]);
    }

    private static string Steps => $$"""[ { "type": "EMAIL", "subject": "s", "body": {{JsonSerializer.Serialize(Body)}} } ]""";

    private static string Sequence(string flag) => $$"""{ "name": "Offer", "steps": {{Steps}}{{flag}} }""";

    private async Task Enroll(string sequence, string email) =>
        (await Alice.Post($"{sequence}/instances", $$"""{ "recipient": { "email": "{{email}}" }, "variables": {{Variables}} }""")).ShouldBe(
            201
        );

    /// <summary>The HTML of the one mail that an address got.</summary>
    private async Task<string> Mail(string to)
    {
        string? html = null;
        await Eventually.Holds(
            async () =>
            {
                foreach (var file in Directory.Exists(program.Drops) ? Directory.GetFiles(program.Drops, "*.eml") : [])
                {
                    using var message = await MimeMessage.LoadAsync(file);
                    html = message.To.Mailboxes.Any(mailbox => mailbox.Address == to) ? message.HtmlBody : html;
                }

                return html is not null;
            },
            $"a mail for {to} is in the drop folder"
        );
        return html!;
    }

    private static void ShouldBeUpgraded(string html)
    {
        html.ShouldContain("<a href=\"http://x.example/page\"><img src=\"https://x.example/a.png\"></a>");
        html.ShouldContain("<img src=\"https://y.example/b.png?x=1&amp;y=2\">");
        html.ShouldContain("<p style=\"background:url('https://x.example/p.png')\">Hi</p>");
    }

    private static void ShouldBePlain(string html)
    {
        html.ShouldContain("<a href=\"http://x.example/page\"><img src=\"http://x.example/a.png\"></a>");
        html.ShouldContain("<img src=\"http://y.example/b.png?x=1&amp;y=2\">");
        html.ShouldNotContain("p.png");
    }

    private static IEnumerable<string> Codes(JsonNode json) => json["warnings"]!.AsArray().Select(warning => warning!["code"]!.ToString());

    /// <summary>The program with a drop folder.</summary>
    public sealed class DroppingProgram : TestProgram
    {
        public string Drops { get; } = Directory.CreateTempSubdirectory("followup-images-").FullName;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string> { ["Email:Provider"] = "drop", ["Email:DropPath"] = Drops };
    }
}
