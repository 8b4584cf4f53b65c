using System.Diagnostics;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Api;

/// <summary>
/// The OpenAPI document is good enough to generate a client from, and two public linters accept it (ADR 112). Needs Node.js and the tools of
/// tests/Client, which ./test installs.
/// </summary>
public sealed class GeneratedClientTests(TestProgram program) : ApiTest(program)
{
    private const string Document = "openapi.json";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Client");

    [Fact]
    public async Task A_TypeScript_client_generated_from_the_document_compiles_in_strict_mode()
    {
        await Download();

        await Run("openapi-typescript/bin/cli.js", Document, "--output", "api.d.ts");
        await Run("typescript/bin/tsc", "--project", ".");
    }

    /// <summary>Its rules compare each example with its schema, so that an example has the fields that the API sends, and no others.</summary>
    [Fact]
    public async Task Redocly_accepts_the_document_and_its_examples()
    {
        await Download();

        await Run("@redocly/cli/bin/cli.js", "lint", Document, "--config", "redocly.yaml");
    }

    [Fact]
    public async Task Spectral_accepts_the_document()
    {
        await Download();

        await Run("@stoplight/spectral-cli/dist/index.js", "lint", Document, "--ruleset", ".spectral.yaml", "--fail-severity", "warn");
    }

    private async Task Download() =>
        await File.WriteAllTextAsync(Path.Combine(Folder, Document), await Anonymous.GetStringAsync("/openapi/v1.json"));

    /// <summary>Runs a tool that must succeed.</summary>
    private static async Task Run(string tool, params string[] arguments)
    {
        var script = Path.Combine(Folder, "node_modules", tool);
        File.Exists(script).ShouldBeTrue($"{script} is missing: ./test installs the tools of tests/Client");
        using var process = Process.Start(
            new ProcessStartInfo("node", [script, .. arguments])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // Redocly otherwise reports its use and asks for newer versions.
                Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await output + await errors);
    }
}
