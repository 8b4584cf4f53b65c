using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Requirements for the OpenAPI document that two public linters do not check.</summary>
public sealed class OpenApiTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task Every_operation_has_an_id_a_summary_an_example_and_its_error_responses()
    {
        var operations = Operations(await Document()).ToList();

        operations.Count.ShouldBeGreaterThanOrEqualTo(24);
        operations.Select(o => o["operationId"]!.ToString()).Distinct().Count().ShouldBe(operations.Count);
        foreach (var operation in operations)
        {
            var id = operation["operationId"]!.ToString();
            operation["summary"]!.ToString().ShouldNotBeEmpty(id);
            operation["description"]!.ToString().ShouldNotBeEmpty(id);
            var answers = operation["responses"]!.AsObject();
            answers.Select(a => a.Key).ShouldBeInOrder(SortDirection.Ascending, id);
            answers.Select(a => a.Key).ShouldContain("429", id);
            foreach (var (status, answer) in answers)
            {
                foreach (var (type, content) in answer!["content"]?.AsObject() ?? [])
                {
                    if (type is "application/json" or "application/problem+json")
                    {
                        content!["example"].ShouldNotBeNull($"{id} {status}");
                    }
                }
            }

            if (operation["requestBody"] is { } body)
            {
                answers.Select(a => a.Key).ShouldContain("415", id);
                body["content"]!.AsObject().ShouldAllBe(content => content.Value!["example"] != null, id);
            }
        }
    }

    [Fact]
    public async Task Every_field_has_a_type()
    {
        var untyped = (await Document())["components"]!["schemas"]!
            .AsObject()
            .SelectMany(schema =>
                (schema.Value!["properties"]?.AsObject() ?? [])
                    .Where(field => field.Value!["type"] is null && field.Value["$ref"] is null && field.Value["oneOf"] is null)
                    .Select(field => $"{schema.Key}.{field.Key}")
            );

        untyped.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_is_a_union_of_three_types_with_a_discriminator()
    {
        var schemas = (await Document())["components"]!["schemas"]!;

        schemas["Step"]!["discriminator"]!["mapping"]!.AsObject().Select(m => m.Key).ShouldBe(["EMAIL", "SMS", "WAIT"]);
        schemas["SequenceChange"]!["properties"]!["steps"]!["items"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/Step");
        schemas["Sequence"]!["properties"]!["steps"]!["items"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/Step");
    }

    [Theory]
    [InlineData("PlanRequest")]
    [InlineData("MigrateRequest")]
    public async Task A_migration_map_allows_null_values(string request)
    {
        var map = (await Document())["components"]!["schemas"]![request]!["properties"]!["map"]!;

        map["additionalProperties"]!["type"]!.AsArray().Select(t => t!.ToString()).ShouldBe(["null", "string"], ignoreOrder: true);
    }

    [Fact]
    public async Task Query_parameters_have_types_and_enum_values()
    {
        var parameters = Operations(await Document()).Single(o => o["operationId"]!.ToString() == "listInstances")["parameters"]!
            .AsArray()
            .ToDictionary(p => p!["name"]!.ToString(), p => p!["schema"]!);

        parameters["limit"]["type"]!.ToString().ShouldBe("integer");
        parameters["sequenceId"]["format"]!.ToString().ShouldBe("uuid");
        parameters["status"]["enum"]!.AsArray().Count.ShouldBe(5);
    }

    [Fact]
    public async Task The_interactive_page_loads_nothing_from_other_hosts()
    {
        var page = await Anonymous.GetAsync("/docs/");
        var html = await page.Content.ReadAsStringAsync();

        page.IsSuccessStatusCode.ShouldBeTrue();
        html.ShouldNotContain("://");
        (await Anonymous.GetAsync("/docs/scalar.js")).IsSuccessStatusCode.ShouldBeTrue();
    }

    private async Task<JsonNode> Document()
    {
        var answer = await Anonymous.GetAsync("/openapi/v1.json");
        answer.IsSuccessStatusCode.ShouldBeTrue();
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        document["openapi"]!.ToString().ShouldStartWith("3.1");
        return document;
    }

    private static IEnumerable<JsonNode> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => operation.Value!));
}
