"""The questions in the order in which they are asked, and what each answer means for scores."""

from __future__ import annotations

from gradesys.smoke import events, posts, replies
from gradesys.smoke.question import Question

LIVE = "such changes are scored at once"
LATER = "such a change is found by the catch-up within 15 minutes where the table is tracked"
NIGHT = "such a change is scored by the nightly resync"

QUESTIONS: tuple[Question, ...] = (
    Question(
        "image-of-update",
        "Does a webhook carry the row as it was before an update?",
        posts.image_of_update,
        "a moved row's old parent is scored at once",
        "a moved row's old parent is scored by the nightly resync; health counts such events",
    ),
    Question(
        "image-of-delete",
        "Does a webhook carry the row as it was before it was deleted?",
        posts.image_of_delete,
        "the parent of a deleted row is scored at once",
        "the parent of a deleted row is scored by the nightly resync; health counts such events",
    ),
    Question(
        "update-multiple",
        "Does a bulk update raise an Update event of each row?",
        events.by_update_multiple,
        LIVE,
        LATER,
    ),
    Question(
        "upsert", "Does an upsert of a row that exists raise Update?", events.by_upsert, LIVE, LATER
    ),
    Question(
        "collection",
        "Does linking a child through a one-to-many collection raise its Update?",
        events.by_collection,
        LIVE,
        LATER,
    ),
    Question(
        "merge",
        "Does a merge raise Update of the children that change their parent?",
        events.by_merge,
        "children of both records are scored at once",
        "the step of Merge marks both records; what lies further away follows in the resync",
    ),
    Question(
        "cascade",
        "Does a cascading delete raise Delete of each child?",
        events.by_cascade,
        LIVE,
        "the parent of the children is gone too; whoever else reads them is scored at night",
    ),
    Question(
        "removed-link",
        "Does the deletion of a row raise Update of rows whose lookup it empties?",
        events.by_removed_link,
        LIVE,
        NIGHT,
    ),
    Question(
        "closing",
        "Does winning an opportunity by its action raise its Update?",
        events.by_closing,
        LIVE,
        LATER,
    ),
    Question(
        "all-tables",
        "May one step listen to Associate of all tables?",
        events.of_all_tables,
        "links between many are scored at once",
        "leave the step out; links between many are scored by the nightly resync",
    ),
    Question(
        "custom-api",
        "Does a Custom API without a plug-in tell an asynchronous webhook step?",
        posts.custom_api,
        "the button works",
        "the button does nothing; programs may use POST /api/recompute with a token",
    ),
    Question(
        "job-names-row",
        "Does a step's system job name the row that it was about?",
        posts.naming,
        "failed posts are found by their jobs too",
        "failed posts are found by change tracking alone, untracked tables at night",
    ),
    Question(
        "failed-job",
        "Is a post that failed kept as a failed system job?",
        posts.failing,
        "what an outage lost is found by its jobs, besides change tracking",
        "what an outage lost is found by change tracking and the nightly resync alone",
    ),
    Question(
        "delay",
        "Do the posts of forty rows begin within 15 s of saving?",
        posts.delay,
        "live means seconds here",
        "the organisation's queue is slow: grades follow later, and nothing is lost",
    ),
    Question(
        "image-goes",
        "Does an image go with the step that it belongs to?",
        posts.image_goes_with_step,
        "deploy deletes images first all the same",
        "deploy deletes images first, so none is left",
    ),
    Question(
        "all-or-nothing",
        "Is a bulk write with one bad row rolled back as a whole?",
        replies.all_or_nothing,
        "a bad row is found by halving, the others are written",
        "rows are read again after every write, so none is counted as written that was not",
    ),
    Question(
        "bulk-condition",
        "Does a bulk write heed If-Match?",
        replies.condition_of_bulk,
        "nothing changes: what is written is read again",
        "nothing changes: what is written is read again",
    ),
    Question(
        "aggregate-limit",
        "Is too large an aggregate refused with the code or the words that are expected?",
        replies.aggregate_limit,
        "large populations are divided until every part can be counted",
        "name the code that was seen in gradesys/dataverse/counting.py, else large resyncs stop",
    ),
    Question(
        "long-address",
        "Is an address of 30,000 characters, with hundreds of ids, taken?",
        replies.long_address,
        "nothing changes: long addresses go in a batch all the same",
        "nothing changes: long addresses go in a batch",
    ),
    Question(
        "empty-aggregate",
        "Does an aggregate of no rows answer with one row?",
        replies.empty_aggregate,
        "it counts as zero",
        "no row counts as zero too",
    ),
    Question(
        "untracked",
        "Is a table without change tracking refused with a known code?",
        replies.untracked,
        "the catch-up says for which tables tracking is off",
        "the catch-up tells the refusal as it came",
    ),
    Question(
        "closed-rows",
        "May an ordinary column of a paid invoice be changed?",
        replies.closed_rows,
        "closed records may be graded",
        "grade no closed record: a rule whose population has them parks them with the reason",
    ),
    Question(
        "managed-identity",
        "May a managed identity be the application user?",
        replies.managed_identity,
        "no secret is needed on Azure",
        "use a certificate, or a client secret from the key vault",
    ),
    Question(
        "languages",
        "Does the organisation tell its languages under the expected name?",
        replies.languages,
        "texts are made in English and Persian where both are there",
        "the first list of the answer is taken, else the base language alone",
    ),
)
