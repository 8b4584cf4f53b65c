using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ardalis.Result;
using FollowUp.Application;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FollowUp.UnitTests.Web;

public sealed class ProblemsTests
{
    [Fact]
    public async Task A_conflict_is_409_with_its_code_and_data()
    {
        var (status, body) = await Answer(Problems.From(InstanceErrors.InvalidTransition(InstanceStatus.Stopped, InstanceStatus.Paused)));

        status.ShouldBe(409);
        (body["code"]!.ToString(), body["from"]!.ToString(), body["to"]!.ToString()).ShouldBe(("invalidTransition", "STOPPED", "PAUSED"));
        body["type"]!.ToString().ShouldBe("urn:followup:problem:invalidTransition");
    }

    [Fact]
    public async Task A_recipient_that_is_already_enrolled_is_named()
    {
        var id = Guid.CreateVersion7();

        var (status, body) = await Answer(Problems.From(InstanceErrors.AlreadyEnrolled(new InstanceId(id))));

        (status, body["code"]!.ToString(), body["id"]!.ToString()).ShouldBe((409, "alreadyEnrolled", id.ToString()));
    }

    [Fact]
    public async Task A_stale_revision_is_412()
    {
        var (status, body) = await Answer(Problems.From(SequenceErrors.Stale));

        (status, body["code"]!.ToString()).ShouldBe((412, "preconditionFailed"));
    }

    [Fact]
    public async Task A_missing_resource_is_404()
    {
        var (status, body) = await Answer(Problems.From(SequenceErrors.NotFound));

        (status, body["code"]!.ToString()).ShouldBe((404, "notFound"));
    }

    [Fact]
    public async Task Validation_lists_the_rules_of_each_field_once()
    {
        var (status, body) = await Answer(
            Problems.From(Result.Invalid([new("name", "a"), new("steps[0].type", "b"), new("name", "c"), new("name", "a")]))
        );

        (status, body["code"]!.ToString()).ShouldBe((400, "validation"));
        body["errors"]!.ToJsonString().ShouldBe("""{"name":["a","c"],"steps[0].type":["b"]}""");
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(404, "notFound")]
    [InlineData(405, "methodNotAllowed")]
    [InlineData(413, "payloadTooLarge")]
    [InlineData(415, "unsupportedMediaType")]
    [InlineData(429, "tooManyRequests")]
    [InlineData(500, "internal")]
    [InlineData(503, "unavailable")]
    [InlineData(418, "error")]
    public async Task Every_problem_has_a_sentence_and_a_code(int expected, string code)
    {
        var (status, body) = await Answer(Problems.Of(expected));

        status.ShouldBe(expected);
        body.Select(member => member.Key).ShouldBe(["type", "title", "status", "detail", "code", "traceId"], ignoreOrder: true);
        body["code"]!.ToString().ShouldBe(code);
    }

    /// <summary>The fields of errors are written by name, so the compiler does not compare them with the documented type.</summary>
    [Fact]
    public void Every_field_of_a_named_error_is_documented()
    {
        var errors = new[] { typeof(InstanceErrors).Assembly, typeof(ClientJson).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(Result))
            .Select(method => Error.Of((Result)method.Invoke(null, [.. method.GetParameters().Select(Argument)])!))
            .OfType<Error>()
            .ToList();
        var fields = errors.SelectMany(error => error.Facts.Select(fact => fact.Name)).Distinct().ToList();

        fields.ShouldBeSubsetOf(typeof(Problem).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)));
        fields.ShouldBe(["id", "currentVersion", "from", "to", "sequence", "until"], ignoreOrder: true);
    }

    private static object Argument(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string)
            ? "text"
            : Activator.CreateInstance(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType)!;

    [Fact]
    public void An_unmapped_failure_is_a_bug() => Should.Throw<InvalidOperationException>(() => Problems.From(Result.Error("?")));

    private static async Task<(int Status, JsonObject Body)> Answer(ProblemHttp problem)
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await problem.ExecuteAsync(http);
        http.Response.ContentType.ShouldBe("application/problem+json");
        http.Response.Body.Position = 0;
        return (http.Response.StatusCode, (JsonObject)JsonNode.Parse(http.Response.Body)!);
    }
}
