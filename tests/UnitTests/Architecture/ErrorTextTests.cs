using System.Text.RegularExpressions;

namespace FollowUp.UnitTests.Architecture;

/// <summary>Code branches on types and codes of errors, not on their texts.</summary>
public sealed partial class ErrorTextTests
{
    private static readonly string Source = Path.Combine(SourceFiles.Root, "src");

    /// <summary>The PostgreSQL driver and System.Text.Json give these failures no type and no code.</summary>
    private static readonly string[] Allowed = ["Infrastructure/Persistence/PostgresFailures.cs"];

    [Fact]
    public void Only_error_texts_of_libraries_without_codes_are_parsed() =>
        Directory
            .EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => Examined().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Source, file).Replace('\\', '/'))
            .ShouldBeSubsetOf(Allowed);

    [Theory]
    [InlineData("failure.Message.StartsWith(\"No\")")]
    [InlineData("error.ErrorMessage.Split(' ')")]
    [InlineData("failure.Message == \"x\"")]
    [InlineData("result.Errors.First()")]
    public void Parsing_an_error_text_is_detected(string code) => Examined().IsMatch(code).ShouldBeTrue();

    [GeneratedRegex(
        @"\.(Error)?Message\.(Contains|StartsWith|EndsWith|Split|IndexOf|Equals)\(|\.(Error)?Message (==|is "")|\.Errors\.First"
    )]
    private static partial Regex Examined();
}
