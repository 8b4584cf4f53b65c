using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Recipients in usual notations: names, addresses in other scripts, telephone numbers.</summary>
public sealed class RecipientTests(TestProgram program) : ApiTest(program)
{
    private const string Mail =
        """{"name":"M","steps":[{"type":"EMAIL","subject":"s","body":"<p>Hi {{ recipient.firstName | default: \"there\" }},</p>"}]}""";

    private const string Text = """{"name":"T","steps":[{"type":"SMS","message":"{{ recipient.phone }}"}]}""";

    [Fact]
    public async Task All_spellings_of_a_domain_are_one_recipient()
    {
        var sequence = await Alice.Sequence(MinimalSequence);

        var enrolled = (await Enroll(sequence, """{"email":"info@bücher.example"}""")).ShouldBe(201);
        var ascii = (await Enroll(sequence, """{"email":"info@xn--bcher-kva.example"}""")).ShouldBe(409);
        var capitals = (await Enroll(sequence, """{"email":"Info@BÜCHER.example"}""")).ShouldBe(409);

        enrolled.Json["recipient"]!["email"]!.ToString().ShouldBe("info@bücher.example");
        (ascii.Json["id"]!.ToString(), capitals.Json["id"]!.ToString()).ShouldBe((enrolled.Id, enrolled.Id));
        (await Database.Read<string>("SELECT email FROM instance")).ShouldBe("info@xn--bcher-kva.example");
        foreach (var spelling in new[] { "info@bücher.example", "info@xn--bcher-kva.example", "INFO@Bücher.example" })
        {
            var found = (await Alice.Get($"/api/instances?email={Uri.EscapeDataString(spelling)}")).ShouldBe(200);
            found.Json["items"]!.AsArray().Count.ShouldBe(1, spelling);
        }
    }

    [Fact]
    public async Task An_address_with_a_non_ASCII_local_part_is_rejected_with_that_reason()
    {
        var refused = (await Enroll(await Alice.Sequence(Mail), """{"email":"jörg@example.org"}""")).ShouldBe(400);

        refused.Json["errors"]!["recipient.email"]![0]!.ToString().ShouldContain("letters such as ö are not supported");
    }

    [Theory]
    [InlineData("""{"email":"a@example.org","firstName":"Kim","lastName":"Berg"}""", "Kim", "Berg", "Kim Berg")]
    [InlineData("""{"email":"a@example.org","name":"Berg, Kim"}""", "Kim", "Berg", "Berg, Kim")]
    [InlineData("""{"email":"a@example.org","name":"Berg, Kim","firstName":"Alex"}""", "Alex", "Berg", "Berg, Kim")]
    [InlineData("""{"email":"Kim Berg <a@example.org>"}""", "Kim", "Berg", "Kim Berg")]
    [InlineData("""{"email":"a@example.org","firstName":" "}""", null, null, null)]
    [InlineData("""{"email":"a@example.org","name":"Herr Schmidt"}""", null, null, "Herr Schmidt")]
    public async Task Given_first_and_last_names_take_precedence_over_the_parsed_name(
        string recipient,
        string? first,
        string? last,
        string? name
    )
    {
        var enrolled = (await Enroll(await Alice.Sequence(Mail), recipient)).ShouldBe(201);

        var read = (await Alice.Get($"/api/instances/{enrolled.Id}")).ShouldBe(200).Json["recipient"]!;
        (read["firstName"]?.ToString(), read["lastName"]?.ToString(), read["name"]?.ToString()).ShouldBe((first, last, name));
    }

    [Theory]
    [InlineData("""{"email":"a@example.org","name":"Berg, Kim"}""", "Hi Kim,")]
    [InlineData("""{"email":"a@example.org","name":"Dr. Kim Berg"}""", "Hi Kim,")]
    [InlineData("""{"email":"a@example.org","firstName":"Kim"}""", "Hi Kim,")]
    [InlineData("""{"email":"a@example.org","name":"山田　太郎"}""", "Hi there,")]
    [InlineData("""{"email":"a@example.org","name":"a@example.org"}""", "Hi there,")]
    public async Task A_mail_greets_by_the_first_name_or_by_the_default(string recipient, string greeting)
    {
        var sequence = await Alice.Sequence(Mail);

        var preview = (await Alice.Post($"{sequence}/preview", $$"""{"recipient":{{recipient}}}""")).ShouldBe(200);

        preview.Json["steps"]![0]!["text"]!.ToString().Trim().ShouldBe(greeting);
    }

    [Fact]
    public async Task A_trunk_zero_is_dropped()
    {
        var sequence = await Alice.Sequence(Text);

        var preview = (
            await Alice.Post($"{sequence}/preview", """{"recipient":{"email":"a@example.org","phone":"+44 (0)20 7946 0123"}}""")
        ).ShouldBe(200);

        preview.Json["steps"]![0]!["text"]!.ToString().ShouldBe("+442079460123");
    }

    [Fact]
    public async Task An_invalid_number_is_an_error_only_if_a_step_sends_text_messages()
    {
        const string Recipient = """{"email":"a@example.org","phone":"4.9E+12"}""";

        var refused = (await Enroll(await Alice.Sequence(Text), Recipient)).ShouldBe(400);
        var enrolled = (await Enroll(await Alice.Sequence(Mail), Recipient)).ShouldBe(201);

        refused.Json["errors"]!["recipient.phone"]![0]!.ToString().ShouldContain("was turned into '4.9E+12' by a spreadsheet");
        var warning = enrolled.Json["warnings"]!.AsArray().ShouldHaveSingleItem()!;
        (warning["code"]!.ToString(), warning["variable"]!.ToString()).ShouldBe(("phoneIgnored", "recipient.phone"));
        warning["message"]!.ToString().ShouldContain("4.9E+12");
        enrolled.Json["recipient"]!["phone"].ShouldBeNull();
    }

    [Fact]
    public async Task Enrolling_warns_of_a_value_that_a_step_cannot_read()
    {
        var sequence = await Alice.Sequence(
            """{"name":"W","steps":[{"type":"EMAIL","subject":"s","body":"a"},{"type":"EMAIL","subject":"s","body":"{% if variables.price > 1000 %}big{% endif %} {{ variables.until | date: 'long' }}"}]}"""
        );

        var enrolled = (
            await Alice.Post(
                $"{sequence}/instances",
                """{"recipient":{"email":"a@example.org"},"variables":{"price":"12,5","until":"2027-01-01"}}"""
            )
        ).ShouldBe(201);

        var warning = enrolled.Json["warnings"]!.AsArray().ShouldHaveSingleItem()!;
        warning["code"]!.ToString().ShouldBe("cannotRender");
        warning["steps"]!.ToJsonString().ShouldBe("[1]");
        warning["message"]!.ToString().ShouldContain("'12,5'");
        warning["message"]!.ToString().ShouldContain("line 1, column");
    }

    [Theory]
    [InlineData("2027-03-01T09:30:00.123456789Z", "2027-03-01T09:30:00.123456Z")]
    [InlineData("2027-03-01t09:30:00z", "2027-03-01T09:30:00Z")]
    public async Task Instants_are_stored_and_returned_with_microsecond_precision(string text, string shown)
    {
        var enrolled = (
            await Alice.Post(
                $"{await Alice.Sequence(Mail)}/instances",
                $$"""{"recipient":{"email":"a@example.org"},"startAt":"{{text}}"}"""
            )
        ).ShouldBe(201);

        enrolled.Json["nextDueAt"]!.ToString().ShouldBe(shown);
        (await Alice.Get($"/api/instances/{enrolled.Id}")).Json["nextDueAt"]!.ToString().ShouldBe(shown);
        (await Alice.Get($"/api/events?from={text}&to={text}")).ShouldBe(200);
    }

    private Task<Answer> Enroll(string sequence, string recipient) =>
        Alice.Post($"{sequence}/instances", $$"""{"recipient":{{recipient}}}""");
}
