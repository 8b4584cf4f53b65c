using Ardalis.Result;

namespace FollowUp.Domain.Shared;

/// <summary>
/// A conflict with the present state, with a <paramref name="Code"/> that a program can test. <see cref="Result"/> has room for strings
/// only, so this record is the one place that writes a refusal into a result and reads it back.
/// </summary>
/// <param name="Code">The word that the API shows as <c>code</c>.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Facts">More members of the answer, such as the <c>id</c> of the row that is in the way.</param>
public sealed record ConflictError(string Code, string Message, params (string Name, string Value)[] Facts)
{
    /// <summary>The refusal as a result.</summary>
    public static implicit operator Result(ConflictError refusal) => refusal.ToResult();

    /// <summary>The refusal as a result.</summary>
    /// <returns>A result with status <see cref="ResultStatus.Conflict"/>.</returns>
    public Result ToResult() => Result.Conflict([Code, Message, .. Facts.SelectMany(f => new[] { f.Name, f.Value })]);

    /// <summary>Reads a refusal back.</summary>
    /// <param name="result">A result with status <see cref="ResultStatus.Conflict"/> that <see cref="ToResult"/> made.</param>
    public static ConflictError From(IResult result)
    {
        string[] parts = [.. result.Errors];
        return new ConflictError(parts[0], parts[1], [.. parts.Skip(2).Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }
}
