using System.Text;
using System.Text.Json;
using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Application.Sequences;
using FollowUp.Web.Preview;

namespace FollowUp.UnitTests.Application;

public sealed class ClientJsonTests
{
    [Theory]
    [InlineData("""{"nam":"a"}""", "nam", "is not a field of this request")]
    [InlineData("""{"two words":1}""", "two words", "is not a field of this request")]
    [InlineData("""{"Name":"a"}""", "Name", "is not a field of this request")]
    [InlineData("""{"":1}""", "", "is not a field of this request")]
    [InlineData("""{"two\nlines":1}""", "two\nlines", "is not a field of this request")]
    [InlineData("""{"steps":[{"":1}]}""", "steps[0].", "is not a field of this request")]
    [InlineData("""{"\ud83d":1}""", null, "must be valid Unicode")]
    [InlineData("""{"name":"a","\ud83d":1}""", null, "must be valid Unicode")]
    [InlineData("""{"steps":[{"\ud83d":1}]}""", "steps[0]", "must be valid Unicode")]
    [InlineData("""{"name":"a","name":"b"}""", "name", "is duplicated")]
    [InlineData("""{"name":7}""", "name", "must be text")]
    [InlineData("""{"name":["a"]}""", "name", "must be text")]
    [InlineData("""{"name":"a\u0000"}""", "name", "must not hold the character U+0000")]
    [InlineData("""{"name":"\ud83d"}""", "name", "must be valid Unicode")]
    [InlineData("""{"enabled":"true"}""", "enabled", "must be true or false")]
    [InlineData("""{"steps":"EMAIL"}""", "steps", "must be a list")]
    [InlineData("""{"steps":[{"type":"EMAIL"},"SMS"]}""", "steps[1]", "must be an object")]
    [InlineData("""{"steps":[{"type":"EMAIL"},{"delayDays":"3"}]}""", "steps[1].delayDays", "must be a number within bounds")]
    [InlineData("""{"steps":[{"delayDays":1e400}]}""", "steps[0].delayDays", "must be a number within bounds")]
    [InlineData("""{"steps":[{"type":"EMAIL","colour":"red"}]}""", "steps[0].colour", "is not a field of this request")]
    [InlineData("""{"steps":[{"type":"SMS","message":"a","message":"b"}]}""", "steps[0].message", "is duplicated")]
    [InlineData("""{"name":"a","enabled":1,"name":"b"}""", "enabled", "must be true or false")]
    [InlineData("""[]""", null, "must be an object")]
    [InlineData("null", null, "must be an object")]
    [InlineData("""{"name":"a",}""", null, "is not valid JSON (line 1, byte 13)")]
    [InlineData("""{"name":"a"} x""", null, "is not valid JSON (line 1, byte 14)")]
    [InlineData("""{"name":"a"/* */}""", null, "is not valid JSON (line 1, byte 12)")]
    [InlineData("""{"name":""", null, "is not valid JSON (line 1, byte 9)")]
    public void An_unreadable_value_is_reported_with_field_and_rule(string json, string? field, string rule) =>
        Refusal<CreateSequence>(json).ShouldBe((field, rule));

    [Fact]
    public void A_map_must_be_an_object_and_a_day_a_date()
    {
        Refusal<MigrateInstances>("{\"map\":[\"ask\"]}").ShouldBe(("map", "must be an object"));
        Refusal<SetLimits>("{\"ramp\":{\"since\":\"soon\"}}").ShouldBe(("ramp.since", "must be a date such as 2026-12-25"));
    }

    [Fact]
    public void A_too_deep_value_is_distinguished_from_invalid_JSON()
    {
        var deep = new string('[', 100);

        Refusal<EnrolmentInput>($$"""{"variables":{{deep}}{{new string(']', 100)}}}""").ShouldBe(("variables", "is nested too deeply"));
        Refusal<EnrolmentInput>("""{"variables":[[}""").Rule.ShouldBe("is not valid JSON (line 1, byte 16)");
        Refusal<InstanceActionInput>("""{"action":"pause","ids":["7"]}""").ShouldBe(("ids[0]", "must be an id"));
    }

    [Theory]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("2026-01-31")]
    [InlineData("31.01.2026 09:30Z")]
    [InlineData("tomorrow")]
    [InlineData("")]
    [InlineData("2027-03-01T24:00:00Z")]
    [InlineData("2027-03-01T23:59:60Z")]
    [InlineData("2027-02-29T09:30:00Z")]
    [InlineData("2027-03-01T09:30:00,5Z")]
    [InlineData("2027-03-01T09:30:00.Z")]
    [InlineData("2027-03-01T09:30.5Z")]
    [InlineData("2027-03-01 09:30:00Z")]
    [InlineData("2027-03-01T09:30:00+24:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    public void An_instant_without_an_offset_is_rejected(string text) =>
        Refusal<EnrolmentInput>($$"""{"startAt":"{{text}}"}""").ShouldBe(("startAt", IsoInstant.Rule));

    [Theory]
    [InlineData("2026-01-31T09:30Z", "2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00Z")]
    [InlineData("2026-01-31T09:30:00.1234567-05:30", "2026-01-31T15:00:00.123456Z")]
    [InlineData("2027-03-01T09:30:00.123456789Z", "2027-03-01T09:30:00.123456Z")]
    [InlineData("2027-03-01T09:30:00.9999999999999Z", "2027-03-01T09:30:00.999999Z")]
    [InlineData("2027-03-01t09:30:00z", "2027-03-01T09:30:00Z")]
    [InlineData("2027-03-01T00:30:00+15:45", "2027-02-28T08:45:00Z")]
    [InlineData("2027-03-01T09:30:00-00:00", "2027-03-01T09:30:00Z")]
    [InlineData("2026-01-31T09:30:00.250Z", "2026-01-31T09:30:00.25Z")]
    public void Instants_are_read_with_any_offset_and_written_in_UTC(string text, string written) =>
        JsonSerializer
            .Serialize(JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", ClientJson.Options), ClientJson.Options)
            .ShouldBe($"\"{written}\"");

    [Fact]
    public void A_field_that_is_absent_differs_from_one_that_is_null()
    {
        var change = Read<SequenceChange>("""{"description":null,"name":"a"}""");

        (change.Name.IsGiven, change.Name.Value).ShouldBe((true, "a"));
        (change.Description.IsGiven, change.Description.Value).ShouldBe((true, null));
        change.Enabled.IsGiven.ShouldBeFalse();
        change.Steps.IsGiven.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"enabled":1}""", "enabled")]
    [InlineData("""{"steps":[{"type":1}]}""", "steps[0].type")]
    [InlineData("""{"steps":[{"size":1}]}""", "steps[0].size")]
    public void A_wrong_field_within_an_optional_one_is_named_with_its_whole_path(string json, string field) =>
        Refusal<SequenceChange>(json).Field.ShouldBe(field);

    [Fact]
    public void A_step_is_written_with_the_fields_of_its_type() =>
        JsonSerializer
            .Serialize(new StepInput { Type = "WAIT", DelayDays = 3 }, ClientJson.Options)
            .ShouldBe("""{"type":"WAIT","delayDays":3}""");

    [Fact]
    public void Other_views_include_null_values() =>
        JsonSerializer.Serialize(new Page<string>([], null), ClientJson.Options).ShouldBe("""{"items":[],"nextCursor":null}""");

    [Fact]
    public void Invalid_UTF8_is_rejected() =>
        Refusal<CreateSequence>([.. "{\"name\":\""u8, 0xFF, .. "\"}"u8]).ShouldBe(("name", "must be valid Unicode"));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ClientJson.Options)!;

    private static (string? Field, string Rule) Refusal<T>(string json)
        where T : class => Refusal<T>(Encoding.UTF8.GetBytes(json));

    private static (string? Field, string Rule) Refusal<T>(byte[] json)
        where T : class
    {
        ClientJson.Read<T>(json, out var wrong).ShouldBeNull();
        return wrong;
    }
}
