using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The variables of versions. A version never changes, so they are kept in memory by its id.</summary>
internal interface IVersionVariables
{
    /// <summary>The variables of a version. What has to be parsed for them is charged to the request.</summary>
    SequenceVariables Of(SequenceVersion version);
}
